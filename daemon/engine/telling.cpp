#include "engine/telling.hpp"

#include <utility>
#include <variant>

#include "engine/bytes.hpp"
#include "engine/tallies.hpp"

namespace tuanyuan::engine {

ports::SealedDocument told_by_document(const World& world, const Documents& documents, const core::AlertId& alert,
                                       const ports::DataKey& key, const ToldBy& told_by) {
  const std::string plain = to_bytes(told_by);
  std::string name = Documents::told_by_part(to_hex(world.tools.vault.digest(plain)));
  return documents.seal(alert, key, std::move(name), plain);
}

void forget_maybe_told(CaseFile& file) {
  file.maybe_addressed = core::RecipientSet();
  file.maybe_told_by.clear();
}

boost::asio::awaitable<bool> commit_telling(World& world, const Documents& documents, CaseFile& file,
                                            ports::DataKey key, ports::Commit commit, Telling telling) {
  if (world.doubt.any()) {
    co_return false;
  }
  const core::AlertId alert = file.state.alert_id;
  commit.expected.push_back({alert.value, file.state.entries});
  if (telling.addressed != file.addressed) {
    commit.documents.push_back(documents.seal(alert, key, Documents::addressed_name, to_bytes(telling.addressed)));
  }
  if (!telling.told_by.empty()) {
    commit.documents.push_back(told_by_document(world, documents, alert, key, telling.told_by));
  }
  // Before it is written: a recall that is decided meanwhile has to go there too. So it does while the outcome is
  // in doubt; what resolves that forgets them.
  file.maybe_addressed |= telling.addressed - file.addressed;
  file.maybe_told_by.add(telling.told_by);
  ++file.telling;
  const ports::CommitResult result = co_await world.commit(std::move(commit));
  --file.telling;
  if (file.telling == 0 && !world.doubt.concerns(alert)) {
    forget_maybe_told(file);
  }
  if (!std::holds_alternative<ports::Committed>(result)) {
    co_return false;
  }
  file.addressed |= telling.addressed;
  file.told_by.add(telling.told_by);
  file.withdrawn = (file.withdrawn | telling.withdrawn) - telling.shown;
  file.tally.set_outside(file.tally.outside() - telling.shown);
  outdate_loading(file);
  co_return true;
}

}  // namespace tuanyuan::engine
