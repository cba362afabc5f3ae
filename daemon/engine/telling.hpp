#pragma once

#include <boost/asio/awaitable.hpp>

#include "engine/documents.hpp"
#include "engine/world.hpp"

namespace tuanyuan::engine {

/// Whom rows for single recipients tell, beside an alert's mailings: begun from whom it has told so far.
struct Telling {
  explicit Telling(const CaseFile& file) : addressed(file.addressed), told_by(file.told_by) {}

  void add(core::Ordinal listener, core::ChannelKind way) {
    (way == core::ChannelKind::mqtt ? addressed : told_by[way]).add(listener);
  }

  core::RecipientSet addressed;  ///< all who were ever told on topics of their own
  GatewaySets told_by;           ///< likewise through gateways
  core::RecipientSet withdrawn;  ///< from whom it is only taken
  core::RecipientSet shown;      ///< who shows it from now on
  std::uint32_t concerned = 0;   ///< on whose behalf anybody is told
};

/// Commits it with its rows and takes it into memory; a decision in between overtakes it. While its outcome is
/// unknown, a recall goes to those who may have been told too. False: it is not known to be committed.
boost::asio::awaitable<bool> commit_telling(World& world, const Documents& documents, CaseFile& file,
                                            ports::DataKey key, ports::Commit commit, Telling telling);

}  // namespace tuanyuan::engine
