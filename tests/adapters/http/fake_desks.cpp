#include "fake_desks.hpp"

#include <algorithm>

#include "tuanyuan/v1/keys.pb.h"

namespace tuanyuan::http::test {
namespace {

std::string labelled(std::string_view name, ports::Metrics::Labels labels) {
  std::string text(name);
  for (const auto& [label, value] : labels) {
    text += ' ';
    text += label;
    text += '=';
    text += value;
  }
  return text;
}

}  // namespace

Answer<std::vector<core::Receipt>> FakeAnswers::acknowledge(std::vector<ports::InboundAnswer>) {
  co_return core::Refusal(core::Errc::unavailable);
}

Answer<core::Receipt> FakeAnswers::acknowledge(core::Caller who, core::Acknowledgement given, ports::Idempotency) {
  if (given.alert_id.value != alert_id) {
    co_return core::Refusal(core::Errc::not_found);
  }
  caller = std::move(who);
  answer = std::move(given);
  core::Receipt receipt;
  receipt.alert_id = answer.alert_id;
  receipt.revision = answer.revision;
  receipt.recipient_id = answer.recipient_id;
  receipt.kind = answer.kind;
  receipt.recorded_at = now;
  if (!refuse_with.empty()) {
    receipt.result = core::ReceiptResult::refused;
    receipt.reason = refuse_with;
  }
  co_return receipt;
}

Answer<core::Receipt> FakeAnswers::sight(core::RecipientId from, core::Sighting given, ports::Idempotency) {
  ++sighted;
  connection = std::move(from);
  reported = std::move(given);
  core::Receipt receipt;
  receipt.alert_id = reported.alert_id;
  receipt.recipient_id = reported.recipient_id;
  receipt.sighting_id = reported.sighting_id;
  receipt.recorded_at = now;
  if (reported.alert_id.value != alert_id) {
    receipt.result = core::ReceiptResult::refused;
    receipt.reason = "unknown-alert";
  }
  co_return receipt;
}

Answer<std::vector<ports::SightingView>> FakeAnswers::sightings(core::Caller, core::AlertId id) {
  if (id.value != alert_id) {
    co_return core::Refusal(core::Errc::not_found);
  }
  co_return known;
}

Answer<ports::SightingView> FakeAnswers::sighting(core::Caller, core::SightingId id) {
  if (id.value != sighting_id) {
    co_return core::Refusal(core::Errc::not_found);
  }
  ports::SightingView view;
  view.sighting.sighting_id = std::move(id);
  view.sighting.alert_id = core::AlertId(alert_id);
  co_return view;
}

Answer<ports::SightingView> FakeAnswers::assess(core::Caller who, core::SightingId id,
                                                ports::AssessOptions options, ports::Idempotency) {
  if (id.value != sighting_id) {
    co_return core::Refusal(core::Errc::not_found);
  }
  ports::SightingView view;
  view.sighting.sighting_id = std::move(id);
  view.sighting.alert_id = core::AlertId(alert_id);
  view.assessment = options.assessment;
  view.assessed_at = now;
  view.assessed_by = who.actor();
  view.note = std::move(options.note);
  co_return view;
}

Answer<ports::Listed<core::Recipient>> FakeRecipients::list(core::Caller, ports::Page page) {
  ports::Listed<core::Recipient> list;
  for (const auto& [id, recipient] : directory) {
    if (id > page.token && list.items.size() < page.size) {
      list.items.push_back(recipient);
    }
  }
  if (!list.items.empty() && list.items.back().id.value != directory.rbegin()->first) {
    list.next_token = list.items.back().id.value;
  }
  co_return list;
}

Answer<core::Recipient> FakeRecipients::get(core::Caller, core::RecipientId id) {
  const auto found = directory.find(id.value);
  if (found == directory.end()) {
    co_return core::Refusal(core::Errc::not_found);
  }
  co_return found->second;
}

Answer<core::Recipient> FakeRecipients::put(core::Caller, core::Recipient recipient, ports::Idempotency) {
  ++puts;
  directory[recipient.id.value] = recipient;
  co_return recipient;
}

Answer<bool> FakeRecipients::remove(core::Caller, core::RecipientId id, ports::Idempotency) {
  if (directory.erase(id.value) == 0) {
    co_return core::Refusal(core::Errc::not_found);
  }
  co_return true;
}

Answer<std::uint32_t> FakeRecipients::import(core::Caller, std::vector<core::Recipient> recipients,
                                             ports::Idempotency once) {
  ++imports;
  imported_digests.insert(once.body_digest);
  for (core::Recipient& recipient : recipients) {
    directory[recipient.id.value] = recipient;
  }
  co_return static_cast<std::uint32_t>(recipients.size());
}

void FakeJournal::write(std::string type, std::string subject, core::Detail detail) {
  ports::JournalLine line;
  line.sequence = newest() + 1;
  line.time = now;
  line.actor = unit + "/021533";
  line.type = std::move(type);
  line.subject = std::move(subject);
  line.detail = std::move(detail);
  lines.push_back(std::move(line));
}

Answer<std::vector<ports::JournalLine>> FakeJournal::journal(core::Caller, core::Sequence after,
                                                             std::size_t limit) {
  std::vector<ports::JournalLine> page;
  for (const ports::JournalLine& line : lines) {
    if (line.sequence > after && page.size() < limit) {
      page.push_back(line);
    }
  }
  co_return page;
}

Answer<ports::JournalDesk::Events> FakeJournal::follow(core::Caller, core::Sequence after, std::size_t limit,
                                                       std::chrono::milliseconds patience) {
  asked_after.push_back(after);
  if (broken) {
    co_return core::Refusal(core::Errc::unavailable);
  }
  if (newest() <= after) {
    co_await clock_.sleep_until(clock_.steady_now() + patience);
  }
  Events events;
  events.seen_to = after;
  for (const ports::JournalLine& line : lines) {
    if (line.sequence > after && events.events.size() < limit) {
      events.seen_to = line.sequence;
      if (line.type != hidden_type) {
        events.events.push_back(line);
      }
    }
  }
  co_return events;
}

ports::PublishedKeys FakeNotary::published(core::Instant) {
  v1::Keys keys;
  keys.add_keys()->set_key_id("k1");
  ports::PublishedKeys published;
  published.protobuf = keys.SerializeAsString();
  published.json =
      R"({"keys":[{"keyId":"k1","algorithm":"ED25519","use":"EXERCISE","publicKey":"","certificate":""}]})";
  published.jwk_set = R"({"keys":[{"kid":"k1"}]})";
  return published;
}

void RecordingLog::write(ports::Severity, std::string_view event, Fields fields) {
  std::map<std::string, std::string> line{{"event", std::string(event)}};
  for (const auto& [name, value] : fields) {
    line.emplace(name, value);
  }
  lines.push_back(std::move(line));
}

std::size_t RecordingLog::count(const std::string& event) const {
  return static_cast<std::size_t>(
      std::count_if(lines.begin(), lines.end(), [&event](const auto& line) { return line.at("event") == event; }));
}

void RecordingMetrics::add(std::string_view name, Labels labels, double by) {
  values[labelled(name, labels)] += by;
}
void RecordingMetrics::set(std::string_view name, Labels labels, double value) {
  values[labelled(name, labels)] = value;
}

Answer<ports::ReadinessView> FakeReadiness::readiness(core::Caller, ports::ReadinessQuery query,
                                                      ports::Page wanted) {
  asked = std::move(query);
  page = std::move(wanted);
  ports::ReadinessView view;
  view.recipients = 3;
  view.reachable = 2;
  ports::UnreachableRecipient one;
  one.id = core::RecipientId("station-9");
  one.name = "某站";
  one.reason = "offline";
  one.since = core::from_epoch_ms(1'795'000'000'000);
  view.unreachable.items.push_back(std::move(one));
  if (asked.by_division) {
    view.divisions.push_back({core::DivisionPrefix{"2101"}, 3, 2});
  }
  co_return view;
}

ports::ExerciseView FakeExercises::monthly() {
  ports::ExerciseView view;
  view.alert_id = core::AlertId(alert_id);
  view.name = "monthly";
  view.state = core::AlertState::closed;
  view.begun = core::from_epoch_ms(1'795'000'000'000);
  view.ended = core::from_epoch_ms(1'795'001'800'000);
  view.expected = 3;
  view.received = 2;
  view.scored = 3;
  view.mean_score = 66.5;
  view.by_category = {{"airport", 66.5}};
  return view;
}

Answer<ports::Listed<ports::ExerciseView>> FakeExercises::exercises(core::Caller, ports::Page wanted) {
  page = std::move(wanted);
  ports::Listed<ports::ExerciseView> list;
  list.items.push_back(monthly());
  list.next_token = alert_id;
  co_return list;
}

Answer<ports::Listed<ports::RecipientScore>> FakeExercises::scores(core::Caller, core::AlertId id,
                                                                   ports::Page wanted) {
  page = std::move(wanted);
  if (id.value != alert_id) {
    co_return core::Refusal(core::Errc::not_found);
  }
  ports::RecipientScore one;
  one.id = core::RecipientId("station-9");
  one.name = "某站";
  one.category = core::Category::airport;
  one.score.received.promptness = core::Promptness::late;
  one.score.received.took = std::chrono::milliseconds(61'500);
  one.score.received.allowed = std::chrono::seconds(60);
  one.unable = core::UnableReason::no_staff;
  ports::Listed<ports::RecipientScore> list;
  list.items.push_back(std::move(one));
  co_return list;
}

Answer<ports::ExerciseView> FakeExercises::start(core::Caller, std::string name, ports::Idempotency once) {
  started = std::move(name);
  key = std::move(once.key);
  if (started != "monthly") {
    std::vector<core::FieldError> fields;
    fields.emplace_back("name", core::Text("无", "none"));
    co_return core::Refusal(std::move(fields));
  }
  co_return monthly();
}

ports::ChannelView FakeChannels::sms() const {
  ports::ChannelView view;
  view.channel = core::ChannelKind::sms;
  view.up = true;
  view.paused = paused;
  view.lanes_open = 1;
  view.next_try = now + std::chrono::seconds(30);
  view.waiting = 17;
  view.oldest_age = std::chrono::milliseconds(1'500);
  view.in_flight = 3;
  view.in_flight_max = 16;
  view.sends_per_second = 2.5;
  view.quota.sends = 300;
  view.lane_quota.sends = 20;
  view.retired = 2;
  view.doubtful = true;
  return view;
}

ports::OutboxView FakeChannels::row() const {
  ports::OutboxView view;
  view.delivery.id = 40;
  view.delivery.alert_id = core::AlertId(alert_id);
  view.delivery.version = {2, 1};
  view.delivery.channel = core::ChannelKind::sms;
  view.delivery.target = core::RecipientId("station-9");
  view.delivery.state = core::DeliveryState::rejected;
  view.delivery.attempts = 1;
  view.died_at = now;
  view.in_force = in_force;
  return view;
}

Answer<std::vector<ports::ChannelView>> FakeChannels::channels(core::Caller) {
  std::vector<ports::ChannelView> all;
  all.push_back(sms());
  co_return all;
}

Answer<ports::ChannelView> FakeChannels::pause(core::Caller caller, std::string channel, std::string reason,
                                               ports::Idempotency) {
  if (channel != "sms") {
    co_return core::Refusal(core::Errc::not_found);
  }
  if (paused) {
    co_return core::Refusal(core::Errc::conflict);
  }
  ++decisions;
  paused = ports::ChannelPause{caller.actor(), now, std::move(reason)};
  co_return sms();
}

Answer<ports::ChannelView> FakeChannels::resume(core::Caller, std::string channel, ports::Idempotency) {
  if (channel != "sms") {
    co_return core::Refusal(core::Errc::not_found);
  }
  if (!paused) {
    co_return core::Refusal(core::Errc::conflict);
  }
  ++decisions;
  paused.reset();
  co_return sms();
}

Answer<ports::ChannelTest> FakeChannels::test(core::Caller, std::string channel, ports::TestOptions options,
                                              ports::Idempotency once) {
  if (channel != "sms") {
    co_return core::Refusal(core::Errc::not_found);
  }
  test_key = std::move(once.key);
  tested = std::move(options);
  ports::ChannelTest result;
  result.outcome = core::DeliveryOutcome::accepted;
  result.took_ms = 250;
  co_return result;
}

Answer<ports::Listed<ports::OutboxView>> FakeChannels::outbox(core::Caller, ports::OutboxFilter asked,
                                                              ports::Page wanted) {
  filter = std::move(asked);
  page = std::move(wanted);
  ports::Listed<ports::OutboxView> list;
  list.items.push_back(row());
  list.next_token = "40";
  co_return list;
}

Answer<ports::OutboxView> FakeChannels::requeue(core::Caller, std::string id, ports::Idempotency) {
  if (id != "40") {
    co_return core::Refusal(core::Errc::not_found);
  }
  if (!in_force) {
    co_return core::Refusal(core::Errc::conflict);
  }
  ports::OutboxView again = row();
  again.delivery.state = core::DeliveryState::queued;
  co_return again;
}

}  // namespace tuanyuan::http::test
