// Commits whose outcome was not learnt, beside others that are on their way: memory comes to what the ledger has,
// once.
#include <gmock/gmock.h>

#include <utility>

#include "core/sample_report.hpp"
#include "engine/channel_fixture.hpp"

namespace tuanyuan::engine {
namespace {

using core::ChannelKind;
using ledger::CommitFate;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

bool is_of_answers(const ports::Commit& commit) {
  return !commit.answers.empty();
}
bool is_decision(const ports::Commit& commit) {
  return !commit.expected.empty() && !commit.entries.empty() && commit.chased.empty();
}

class DoubtTest : public ChannelDeskTest {
 protected:
  using Is = bool (*)(const ports::Commit&);

  /// Its coroutine goes on by itself.
  template <class T>
  void begin(boost::asio::awaitable<T> call) {
    boost::asio::co_spawn(context, std::move(call), [](std::exception_ptr, const T&) {});
    run_for(std::chrono::milliseconds(10));
  }
  /// Of such a commit: what becomes of it, and that nobody is told.
  void outcome_is_lost(Is such, CommitFate fate = CommitFate::unknown_committed) {
    memory->faults.commit_fate = [such, fate](const ports::Commit& commit) {
      return such(commit) ? fate : CommitFate::normal;
    };
  }
  /// The ledger has such a commit at once, and says so later.
  void is_answered_late(Is such, seconds delay = seconds(10)) {
    memory->faults.answer_delay = [such, delay](const ports::Commit& commit) {
      return such(commit) ? delay : seconds(0);
    };
  }
  std::vector<ports::InboundAnswer> from_next(core::AnswerKind kind = core::AnswerKind::displayed) {
    std::vector<ports::InboundAnswer> one(1);
    one[0].answer.alert_id = id;
    one[0].answer.revision = 1;
    one[0].answer.recipient_id = one[0].connection = core::RecipientId("next");
    one[0].answer.kind = kind;
    return one;
  }
  void an_answer_is_in_doubt() { begin(engine->answers().acknowledge(from_next())); }
  void an_answer_is_in_doubt_beside_a_held_put_of(core::Recipient recipient) {
    alert_out();
    run_for(seconds(2));
    outcome_is_lost(is_of_answers);
    is_answered_late(is_of_answers, seconds(1));
    an_answer_is_in_doubt();
    memory->faults.holds = [](const ports::Commit& commit) { return !commit.recipients.empty(); };
    begin(engine->recipients().put(keeper, std::move(recipient), {}));
  }
  CaseFile& file() { return *engine->world().cases.find(id); }
  std::size_t entries_in_ledger() const { return store->journal(0, id.value, 1'000).size(); }
  core::Sequence newest_in_ledger() const { return store->journal(0, "", 10'000).back().sequence; }
  void count_reads() {
    reads = 0;
    memory->faults.read_fails = [this] {
      ++reads;
      return false;
    };
  }
  void close() { begin(engine->cases().close(releaser, id, found(), {})); }

  int reads = 0;
};

TEST_F(DoubtTest, DecisionIsOnItsWayWhenAnOutcomeIsLostThenItIsAppliedOnce) {
  alert_out();
  run_for(seconds(2));
  is_answered_late(is_decision);
  outcome_is_lost(is_of_answers);
  close();
  an_answer_is_in_doubt();
  run_for(seconds(15));
  memory->faults = {};
  EXPECT_EQ(now().state, core::AlertState::closed);
  EXPECT_EQ(file().state.entries, entries_in_ledger());
  EXPECT_FALSE(engine->world().doubt.any());
}

TEST_F(DoubtTest, PauseIsOnItsWayWhenTheOutcomeOfAnotherIsLostThenItIsCountedOnce) {
  is_answered_late(is_decision);
  begin(desk().pause(keeper, "webhook", "额度用完", {}));
  memory->faults.answer_delay = nullptr;
  outcome_is_lost(is_decision, CommitFate::unknown_lost);
  begin(desk().pause(keeper, "sms", "额度用完", {}));
  run_for(seconds(15));
  memory->faults = {};
  EXPECT_TRUE(of(ChannelKind::webhook).paused);
  EXPECT_EQ(engine->world().pauses.entries(), 1U);
  EXPECT_TRUE(resume("webhook")) << "it conflicts with nothing";
}

TEST_F(DoubtTest, SomethingIsOnItsWayThenNothingIsReadOrBegunBeforeItIsAnswered) {
  core::Recipient moved = near();
  moved.name = "另一站";
  an_answer_is_in_doubt_beside_a_held_put_of(moved);
  ASSERT_EQ(memory->commits_held(), 1U);
  run_for(seconds(2));
  ASSERT_TRUE(engine->world().doubt.any());
  const core::Sequence before = newest_in_ledger();
  close();
  run_for(seconds(5));
  EXPECT_TRUE(engine->world().doubt.any()) << "it cannot be looked into beside what is on its way";
  EXPECT_EQ(newest_in_ledger(), before) << "nor is anything begun";
  memory->release_commits();
  run_for(seconds(5));
  EXPECT_FALSE(engine->world().doubt.any());
  EXPECT_EQ(now().state, core::AlertState::closed);
  EXPECT_EQ(file().state.entries, entries_in_ledger());
}

TEST_F(DoubtTest, SomethingIsNeverAnsweredThenWhoeverWaitsForItIsRefusedInTime) {
  an_answer_is_in_doubt_beside_a_held_put_of(near());
  run_for(seconds(2));
  const core::Instant asked = clock.wall_now();
  const auto closed = run(engine->cases().close(releaser, id, found(), {}));
  ASSERT_FALSE(closed);
  EXPECT_EQ(closed.error().code, core::Errc::unavailable);
  EXPECT_LE(clock.wall_now() - asked, commits_answered_max + seconds(1));
}

TEST_F(DoubtTest, ManyWantToKnowThenItIsReadOnce) {
  alert_out();
  run_for(seconds(2));
  const auto reads_of = [this](std::size_t callers) {
    std::vector<bool> known;
    outcome_is_lost(is_of_answers);
    memory->faults.read_fails = [] { return true; };
    an_answer_is_in_doubt();
    memory->faults = {};
    EXPECT_TRUE(engine->world().doubt.any());
    count_reads();
    for (std::size_t caller = 0; caller < callers; ++caller) {
      boost::asio::co_spawn(context, resolve(engine->world()),
                            [&known](const std::exception_ptr&, bool resolved) { known.push_back(resolved); });
    }
    clock.run_until([&] { return known.size() == callers; }, std::chrono::milliseconds(10));
    EXPECT_THAT(known, ::testing::AllOf(SizeIs(callers), ::testing::Each(true)));
    return reads;
  };
  const int once = reads_of(1);
  EXPECT_GT(once, 0);
  EXPECT_LE(reads_of(5), once);
}

TEST_F(DoubtTest, OutcomeOfWhatMemoryHasNothingOfIsLostThenNothingIsReadForIt) {
  alert_out();
  run_for(seconds(2));
  outcome_is_lost([](const ports::Commit& commit) { return !commit.delivery_updates.empty(); });
  count_reads();
  ports::Commit outcomes;
  outcomes.delivery_updates.emplace_back();
  begin(engine->world().commit(std::move(outcomes)));
  EXPECT_EQ(reads, 0) << "what others begin beside a reading may come into doubt, and would be taken for read";
}

TEST_F(DoubtTest, OutcomeOfAChangeOfTheDirectoryIsLostThenWhoFollowsTheJournalHearsOfIt) {
  const core::Sequence before = engine->journal().newest();
  std::optional<core::Result<ports::JournalDesk::Events>> events;
  boost::asio::co_spawn(context, engine->journal().follow(keeper, before, 100, minutes(1)),
                        [&events](const std::exception_ptr&, core::Result<ports::JournalDesk::Events> got) {
                          events.emplace(std::move(got));
                        });
  outcome_is_lost([](const ports::Commit& commit) { return !commit.recipients.empty(); });
  begin(engine->recipients().put(keeper, near(), {}));
  run_for(seconds(1));
  memory->faults = {};
  EXPECT_EQ(engine->journal().newest(), newest_in_ledger());
  ASSERT_TRUE(events);
  EXPECT_THAT((*events)->events, SizeIs(1));
}

TEST_F(DoubtTest, OutcomeOfAChangeOfTheDirectoryIsLostThenWhatIsMadeOfItIsMadeAnew) {
  int changes = 0;
  engine->recipients().on_change([&changes] { ++changes; });
  outcome_is_lost([](const ports::Commit& commit) { return !commit.recipients.empty(); });
  begin(engine->recipients().put(keeper, near(), {}));
  run_for(seconds(1));
  EXPECT_EQ(changes, 1);
}

TEST_F(DoubtTest, ReleaseIsOnItsWayThenWhoFollowsTheJournalIsNotShownItBeforeItIsKnownWhoMaySeeIt) {
  const core::Result<ports::ReportView> report = submit();
  const core::Sequence before = engine->journal().newest();
  is_answered_late(is_decision);
  begin(engine->cases().release(releaser, report->id, {}, {}));
  const core::Caller station = test::recipient("near");
  core::Result<ports::JournalDesk::Events> first = run(engine->journal().follow(station, before, 100, seconds(5)));
  EXPECT_EQ(first->seen_to, before);
  run_for(seconds(10));
  const core::Result<ports::JournalDesk::Events> then =
      run(engine->journal().follow(station, first->seen_to, 100, seconds(5)));
  EXPECT_THAT(then->events, SizeIs(1));
}

TEST_F(DoubtTest, OutcomeOfALookoutIsLostThenItsRowsAreNotGivenUpBeforeItIsKnown) {
  settings.lookout = true;
  begin_again();
  outcome_is_lost(is_decision);
  is_answered_late(is_decision);
  core::Report report = core::sample::sample_report();
  report.exercise = true;
  report.last_seen.time = clock.wall_now() - minutes(40);
  report.last_seen.time_latest.reset();
  channel.sent.clear();
  begin(engine->cases().submit(submitter, core::to_draft(report), {}));
  run_for(seconds(5));
  EXPECT_THAT(channel.of(core::Parcel::notice), IsEmpty()) << "nothing is known of it";
  run_for(seconds(25));
  EXPECT_THAT(channel.of(core::Parcel::notice), ::testing::Not(IsEmpty()));
  EXPECT_EQ(store->backlog(ChannelKind::mqtt).rows, 0U);
}

TEST_F(DoubtTest, RowOfACaseThatIsNotThereThenItIsGivenUp) {
  core::Delivery row;
  row.alert_id = core::AlertId("019aa000-0000-7000-8000-00000000dead");
  row.expires_at = clock.wall_now() + std::chrono::hours(1);
  row.target = core::RecipientId("near");
  ports::Commit commit;
  commit.deliveries.push_back(row);
  store->commit(commit);
  run_for(seconds(5));
  EXPECT_EQ(store->backlog(ChannelKind::mqtt).rows, 0U);
  EXPECT_THAT(channel.sent, IsEmpty());
}

TEST_F(DoubtTest, SilentOneIsNotKnownYetThenItsRowIsNotTakenForAnswered) {
  alert_out();
  run_for(seconds(2));
  is_answered_late([](const ports::Commit& commit) { return !commit.recipients.empty(); });
  core::Recipient newcomer = near();
  newcomer.id = core::RecipientId("newcomer");
  begin(engine->recipients().put(keeper, newcomer, {}));
  core::Delivery row;
  row.alert_id = id;
  row.version = core::Version{1, 0};
  row.audience = core::Audience::partner;
  row.expires_at = clock.wall_now() + std::chrono::hours(1);
  row.target = core::RecipientId("newcomer");
  row.concerns = core::RecipientId("newcomer");
  row.awaits = core::AnswerKind::received;
  ports::Commit commit;
  commit.deliveries.push_back(row);
  store->commit(commit);
  run_for(seconds(5));
  EXPECT_THAT(sent_to("newcomer"), IsEmpty());
  run_for(seconds(30));
  EXPECT_THAT(sent_to("newcomer"), SizeIs(1));
}

TEST_F(DoubtTest, OutcomeOfAStepIsLostThenTheFailureBeforeItBringsOnNoFurtherWay) {
  put("near", {{ChannelKind::webhook, "https://near.example", "whsec_"},
               {ChannelKind::sms, "13800138000", ""},
               {ChannelKind::sms, "13800138001", ""}});
  webhooks.dead_addresses = {"https://near.example"};
  messages.has_received = false;
  outcome_is_lost([](const ports::Commit& commit) { return !commit.chased.empty(); });
  alert_out();
  run_for(seconds(1));
  ASSERT_THAT(chased(), SizeIs(1)) << "the next way, at once";
  memory->faults = {};
  run_for(seconds(30));
  EXPECT_THAT(to(messages), ElementsAre("near")) << "and not the one after it";
  EXPECT_THAT(chased(), SizeIs(1));
}

TEST_F(DoubtTest, NextWayFailsBeforeTheAnswerOfItsStepThenTheOneAfterItIsTriedAtOnce) {
  put("near", {{ChannelKind::webhook, "https://near.example", "whsec_"},
               {ChannelKind::sms, "13800138000", ""},
               {ChannelKind::sms, "13800138001", ""}});
  webhooks.dead_addresses = {"https://near.example"};
  messages.dead_addresses = {"13800138000"};
  messages.has_received = false;
  memory->faults.answer_delay = [this](const ports::Commit& commit) {
    return commit.chased.empty() || chased().size() > 1 ? seconds(0) : seconds(5);
  };
  alert_out();
  run_for(seconds(15));
  EXPECT_THAT(to(messages), ElementsAre("near", "near"));
  EXPECT_THAT(chased(), SizeIs(2));
}

TEST_F(DoubtTest, RowIsGivenAgainBeforeItIsKnownThatItIsHeldThenItIsSentAgainAllTheSame) {
  put("near", {{ChannelKind::webhook, "https://near.example", "whsec_"}});
  webhooks.answers = core::DeliveryOutcome::held;
  is_answered_late([](const ports::Commit& commit) { return !commit.delivery_updates.empty(); }, seconds(4));
  alert_out();
  run_for(minutes(2));
  EXPECT_GT(to(webhooks).size(), 4U);
}

TEST_F(DoubtTest, CaseCannotBeOpenedThenOthersDoNotWaitForIt) {
  alert_out();
  run_for(seconds(2));
  for (const char* name : {"told-by/9", "addressed"}) {  // in the order in which they are read last
    ports::Commit damage;
    damage.documents.push_back({core::AlertId(id), name, "not as it was sealed"});
    run(memory->commit(std::move(damage)));
    outcome_is_lost(is_of_answers);
    memory->faults.read_fails = [] { return true; };
    an_answer_is_in_doubt();
    EXPECT_TRUE(engine->world().doubt.any()) << "the ledger cannot be read";
    memory->faults = {};
    EXPECT_TRUE(run(is_certain(engine->world()))) << name;
  }
  begin(desk().pause(keeper, "webhook", "额度用完", {}));
  EXPECT_TRUE(of(ChannelKind::webhook).paused);
}

TEST_F(DoubtTest, NobodyWasToldAfterAllThenARecallGoesNowhereElse) {
  put("near", {});
  alert_out();
  everybody_confirms_but("near");
  bool is_lost = false;
  memory->faults.commit_fate = [this, &is_lost](const ports::Commit& commit) {
    if (commit.chased.empty()) {
      return CommitFate::normal;
    }
    EXPECT_THAT(std::exchange(is_lost, true), ::testing::IsFalse()) << "it has answered meanwhile";
    std::vector<ports::InboundAnswer> answer = from_next(core::AnswerKind::confirmed);
    answer[0].answer.recipient_id = answer[0].connection = core::RecipientId("near");
    boost::asio::co_spawn(context, engine->answers().acknowledge(answer), [](std::exception_ptr, const auto&) {});
    memory->faults.read_fails = [] { return true; };
    return CommitFate::unknown_lost;
  };
  run_for(seconds(63));
  ASSERT_TRUE(is_lost);
  EXPECT_FALSE(file().maybe_addressed.isEmpty()) << "nobody knows yet";
  memory->faults = {};
  close();
  run_for(seconds(2));
  EXPECT_EQ(now().state, core::AlertState::closed);
  EXPECT_THAT(sent_to("near"), IsEmpty());
}

TEST_F(DoubtTest, MayHaveBeenToldThenARecallGoesThereToo) {
  put("near", {});
  alert_out();
  everybody_confirms_but("near");
  outcome_is_lost([](const ports::Commit& commit) { return !commit.chased.empty(); }, CommitFate::unknown_lost);
  is_answered_late([](const ports::Commit& commit) { return !commit.chased.empty(); }, seconds(3));
  run_for(seconds(62));
  ASSERT_FALSE(file().maybe_addressed.isEmpty());
  close();
  EXPECT_FALSE(file().maybe_addressed.isEmpty()) << "nobody knows yet";
  run_for(seconds(10));
  EXPECT_EQ(now().state, core::AlertState::closed);
  ASSERT_THAT(sent_to("near"), SizeIs(1));
  EXPECT_EQ(sent_to("near")[0].kind, core::NoticeKind::close);
  EXPECT_TRUE(file().maybe_addressed.isEmpty());
}

}  // namespace
}  // namespace tuanyuan::engine
