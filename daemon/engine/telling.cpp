#include "engine/telling.hpp"

#include <utility>
#include <variant>

#include "engine/bytes.hpp"
#include "engine/tallies.hpp"

namespace tuanyuan::engine {

boost::asio::awaitable<bool> commit_telling(World& world, const Documents& documents, CaseFile& file,
                                            ports::DataKey key, ports::Commit commit, Telling telling) {
  const core::AlertId alert = file.state.alert_id;
  commit.expected.push_back({alert.value, file.state.entries});
  if (telling.addressed != file.addressed) {
    commit.documents.push_back(documents.seal(alert, key, Documents::addressed_name, to_bytes(telling.addressed)));
  }
  if (telling.told_by != file.told_by) {
    commit.documents.push_back(documents.seal(alert, key, Documents::told_by_name, to_bytes(telling.told_by)));
  }
  // Before it is written: a recall that is decided meanwhile has to go there too.
  file.maybe_addressed = telling.addressed - file.addressed;
  file.maybe_told_by = telling.told_by;
  const ports::CommitResult result = co_await world.commit(std::move(commit));
  if (!std::holds_alternative<ports::UnknownCommit>(result)) {
    file.maybe_addressed = core::RecipientSet();
    file.maybe_told_by.clear();
  }
  if (!std::holds_alternative<ports::Committed>(result)) {
    co_return false;
  }
  file.addressed |= telling.addressed;
  unite(file.told_by, telling.told_by);
  file.withdrawn = (file.withdrawn | telling.withdrawn) - telling.shown;
  file.tally.set_outside(file.tally.outside() - telling.shown);
  outdate_loading(file);
  co_return true;
}

}  // namespace tuanyuan::engine
