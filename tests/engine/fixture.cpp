#include "engine/fixture.hpp"

#include "core/report_validation.hpp"
#include "core/sample_report.hpp"

namespace tuanyuan::engine {
namespace {

core::Recipient place(std::string id, double latitude, double longitude, std::uint32_t division,
                      core::Audience audience) {
  core::Recipient recipient;
  recipient.id = core::RecipientId(std::move(id));
  recipient.name = "某站";
  recipient.category = core::Category::railway_station;
  recipient.audience = audience;
  recipient.division = core::Division{division};
  recipient.position = core::Position{latitude, longitude};
  return recipient;
}

std::vector<core::Recipient> sample_directory() {
  std::vector<core::Recipient> all{
      place("near", 41.80, 123.43, 210102, core::Audience::partner),
      place("next", 41.79, 123.45, 210103, core::Audience::partner),
      place("police", 41.80, 123.44, 210103, core::Audience::police),
      place("far", 43.9, 125.3, 220102, core::Audience::partner),
  };
  core::Recipient province = place("province", 0, 0, 210102, core::Audience::partner);
  province.position.reset();
  province.coverage = {core::DivisionPrefix{"21"}};
  all.push_back(province);
  core::Recipient member = place("member", 41.81, 123.43, 210102, core::Audience::partner);
  member.via = core::RecipientId("province");
  all.push_back(member);
  return all;
}

}  // namespace

ports::CloseOptions found() {
  ports::CloseOptions options;
  options.outcome = core::Outcome::found_safe;
  options.cause = core::Cause::lost;
  return options;
}

EngineTest::EngineTest() {
  restart();
  core::Caller keeper = test::officer("210000000000", {core::Role::operator_});
  std::vector<core::Recipient> recipients = sample_directory();
  EXPECT_TRUE(run(engine->recipients().import(keeper, recipients, {})));
}

void EngineTest::TearDown() {
  if (engine) {
    boost::asio::co_spawn(context, engine->stop(), [](std::exception_ptr) {});
    clock.run_for(std::chrono::seconds(1));
  }
}

void EngineTest::restart() {
  if (engine) {
    boost::asio::co_spawn(context, engine->stop(), [](std::exception_ptr) {});
    clock.run_for(std::chrono::seconds(1));
  }
  engine.reset();
  memory = std::make_unique<ledger::MemoryLedger>(context.get_executor(), store, &clock);
  const Tools tools{*memory, vault, notary, pictures, codec, clock, entropy, metrics, log, pool};
  engine = std::make_unique<Engine>(context.get_executor(), tools, settings);
  EXPECT_TRUE(run(engine->recover()));
  engine->add_channel(channel);
  if (clocked) {
    engine->start_clock();
  }
}

core::Result<ports::ReportView> EngineTest::submit(const std::string& key) {
  core::Report report = core::sample::sample_report();
  report.exercise = true;
  report.last_seen.time = clock.wall_now() - std::chrono::minutes(40);
  report.last_seen.time_latest.reset();
  return run(engine->cases().submit(submitter, core::to_draft(report), ports::Idempotency(key, "body")));
}

core::Result<ports::AlertView> EngineTest::release(const core::ReportId& id, const std::string& key) {
  return run(engine->cases().release(releaser, id, ports::ReleaseOptions(), ports::Idempotency(key, "body")));
}

ports::AlertView EngineTest::released() {
  const core::Result<ports::ReportView> report = submit();
  return *release(report->id);
}

core::Receipt EngineTest::answer(const core::AlertId& alert, std::uint32_t revision, const std::string& who,
                                 core::AnswerKind kind, const std::string& connection) {
  ports::InboundAnswer inbound;
  inbound.answer.alert_id = alert;
  inbound.answer.revision = revision;
  inbound.answer.recipient_id = core::RecipientId(who);
  inbound.answer.kind = kind;
  inbound.connection = core::RecipientId(connection.empty() ? who : connection);
  std::vector<ports::InboundAnswer> one{inbound};
  core::Result<std::vector<core::Receipt>> receipts = run(engine->answers().acknowledge(one));
  return receipts->at(0);
}

core::Board EngineTest::board(const core::AlertId& alert) {
  return *run(engine->cases().board(releaser, alert));
}

}  // namespace tuanyuan::engine
