#include "simulation/world/disk.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <set>
#include <utility>

#include "contract/run_on.hpp"

namespace tuanyuan::simulation {
namespace {

constexpr std::size_t everything = 1'000'000;

/// One line of the journal as text, all of it.
std::string text_of(const ports::RecordedEntry& recorded) {
  const core::Entry& entry = recorded.entry;
  std::string text = std::to_string(recorded.sequence) + "|" + std::to_string(core::to_epoch_ms(entry.time)) +
                     "|" + core::to_string(entry.actor) + "|" + entry.subject + "|" +
                     std::string(core::type_name(entry.body));
  for (const auto& [name, value] : core::to_detail(entry.body)) {
    text.append("|").append(name).append("=").append(value);
  }
  return text;
}

boost::asio::awaitable<void> commit_into(ledger::SqliteLedger& ledger, ports::Commit commit,
                                         std::optional<ports::CommitResult>& result) {
  result = co_await ledger.commit(std::move(commit));
}

}  // namespace

Disk::Disk(Random random)
    : random_(random),
      directory_(std::make_unique<test::TemporaryDirectory>()),
      faults_(std::make_unique<test::FaultDisk>()) {
  open();
}

Disk::~Disk() = default;

template <class T>
T Disk::run(boost::asio::awaitable<T> call) {
  return test::run_on(context_, std::move(call));
}

void Disk::open() {
  ledger::SqliteOptions options;
  options.path = directory_->file("ledger.sqlite");
  options.vfs = faults_->name();
  ledger_ = std::make_unique<ledger::SqliteLedger>(context_.get_executor(), options);
}

ports::CommitResult Disk::commit(const ports::Commit& commit, Fault fault) {
  faults_->full = fault == Fault::full;
  faults_->log_flush_fails = fault == Fault::flush_fails;
  ports::CommitResult result = run(ledger_->commit(commit));
  faults_->full = false;
  faults_->log_flush_fails = false;
  if (std::holds_alternative<ports::UnknownCommit>(result)) {
    unflushed_ = commit;
  } else if (std::holds_alternative<ports::Committed>(result)) {
    unflushed_.reset();
  }
  return result;
}

ports::Read<std::vector<core::Delivery>> Disk::claim(core::ChannelKind channel, core::Instant now,
                                                     core::Instant lease_until, std::size_t limit) {
  return run(ledger_->claim(channel, now, lease_until, limit));
}

core::Sequence Disk::journal_lines() {
  return run(ledger_->journal(0, std::string(), everything)).value().size();
}

/// What the cut leaves lies in another directory; what was still running never knows.
void Disk::cut_and_reopen() {
  auto survivor = std::make_unique<test::TemporaryDirectory>();
  faults_->cut_power(survivor->path(), static_cast<std::uint32_t>(random_.next()));
  faults_->release_log_flushes();
  ledger_.reset();
  context_.restart();
  context_.run();
  faults_ = std::make_unique<test::FaultDisk>();
  directory_ = std::move(survivor);
  open();
}

void Disk::power_cut() {
  cut_and_reopen();
}

bool Disk::commit_in_power_cut(const ports::Commit& commit) {
  const core::Sequence before = journal_lines();
  faults_->hold_log_flushes();
  std::optional<ports::CommitResult> result;
  boost::asio::co_spawn(context_, commit_into(*ledger_, commit, result), boost::asio::detached);
  do {
    context_.restart();
    context_.poll();
  } while (!result && !faults_->await_held_flush(std::chrono::milliseconds(10)));  // a repetition writes nothing
  cut_and_reopen();
  return journal_lines() > before;
}

std::optional<std::string> Disk::differs(const ledger::MemoryStore& store) {
  const auto ours = run(ledger_->journal(0, std::string(), everything)).value();
  const auto theirs = store.journal(0, std::string(), everything);
  if (ours.size() != theirs.size()) {
    return "it has " + std::to_string(ours.size()) + " journal lines of " + std::to_string(theirs.size());
  }
  std::set<core::AlertId> alerts;
  for (std::size_t index = 0; index < ours.size(); ++index) {
    if (text_of(ours[index]) != text_of(theirs[index])) {
      return "journal line " + std::to_string(index + 1) + " is another";
    }
    if (const auto* submitted = std::get_if<core::ReportSubmitted>(&ours[index].entry.body)) {
      alerts.insert(submitted->alert_id);
    }
  }
  std::size_t answers = 0;
  run(ledger_->answers(core::AlertId(), 0, [&answers](const auto& slice) { answers += slice.size(); }));
  if (answers != store.answers().size()) {
    return "it has " + std::to_string(answers) + " answers of " + std::to_string(store.answers().size());
  }
  for (const core::AlertId& alert : alerts) {
    const auto report = run(ledger_->document(alert, "report/1"));
    const auto expected = run(ledger_->expected(alert));
    const bool same = *report == store.document(alert, "report/1") &&
                      *run(ledger_->wrapped_key(alert)) == store.wrapped_key(alert) &&
                      expected->size() == store.expected(alert).size();
    if (!same) {
      return "documents, key or expected recipients differ";
    }
  }
  for (const core::ChannelKind channel : {core::ChannelKind::mqtt, core::ChannelKind::webhook}) {
    const std::uint64_t waiting = run(ledger_->backlog(channel))->rows;
    if (waiting != store.backlog(channel).rows) {
      return std::to_string(waiting) + " rows wait to be sent, of " + std::to_string(store.backlog(channel).rows);
    }
  }
  return std::nullopt;
}

}  // namespace tuanyuan::simulation
