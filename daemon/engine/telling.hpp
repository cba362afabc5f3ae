#pragma once

#include <boost/asio/awaitable.hpp>

#include "engine/documents.hpp"
#include "engine/world.hpp"

namespace tuanyuan::engine {

/// Whom rows for single recipients tell, beside an alert's mailings.
struct Telling {
  explicit Telling(const CaseFile& file) : addressed(file.addressed), told_before(file.told_by) {}

  void add(core::Ordinal listener, core::Way way) {
    if (way.channel == core::ChannelKind::mqtt) {
      addressed.add(listener);
    } else if (!told_before.contains({listener, way})) {
      told_by.add(listener, way);
    }
  }

  core::RecipientSet addressed;  ///< all who were ever told on topics of their own
  const ToldBy& told_before;     ///< likewise through gateways, until now: the case's
  ToldBy told_by;                ///< who is told through gateways for the first time
  core::RecipientSet withdrawn;  ///< from whom it is only taken
  core::RecipientSet shown;      ///< who shows it from now on
  std::uint32_t concerned = 0;   ///< on whose behalf anybody is told
};

/// The document that says by which endpoints these were told.
ports::SealedDocument told_by_document(const World& world, const Documents& documents, const core::AlertId& alert,
                                       const ports::DataKey& key, const ToldBy& told_by);

/// Once it is known who was told, and nothing that tells anybody is on its way.
void forget_maybe_told(CaseFile& file);

/// Commits it with its rows and takes it into memory; a decision in between overtakes it. Until its outcome is
/// known, a recall goes to those who may have been told too. Behind what is in doubt nobody is told: it was
/// planned on what may be over. False: it is not known to be committed.
boost::asio::awaitable<bool> commit_telling(World& world, const Documents& documents, CaseFile& file,
                                            ports::DataKey key, ports::Commit commit, Telling telling);

}  // namespace tuanyuan::engine
