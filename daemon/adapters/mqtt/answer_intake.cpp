#include "adapters/mqtt/answer_intake.hpp"

#include <string>
#include <utility>

#include "adapters/mqtt/limits.hpp"
#include "adapters/mqtt/receipts.hpp"
#include "runtime/with_timeout.hpp"

namespace tuanyuan::mqtt {
namespace {

/// Whether the same thing may be taken another time. Only then is silence an answer: whoever gets no receipt
/// repeats, and what will never do would be repeated for ever.
bool is_for_later(const core::Refusal& refusal) {
  return refusal.code == core::Errc::unavailable || refusal.code == core::Errc::overloaded;
}

}  // namespace

AnswerIntake::AnswerIntake(boost::asio::any_io_executor executor, ReceiptOutlet& outlet, const Topics& topics,
                           ports::Log& log, ports::Metrics& metrics, std::function<void()> on_room)
    : outlet_(outlet),
      topics_(topics),
      log_(log),
      metrics_(metrics),
      on_room_(std::move(on_room)),
      tasks_(std::move(executor)) {}

void AnswerIntake::count(std::string_view result, std::size_t number) {
  metrics_.add("tuanyuan_broker_answers_total", {{"result", result}}, static_cast<double>(number));
}

void AnswerIntake::refuse(const Malformed& malformed, const ReplyTo& reply) {
  count("malformed");
  // Without a word of which answer is meant a receipt would only puzzle its reader.
  if (malformed.names_its_answer || !reply.correlation_data.empty()) {
    outlet_.send_receipts(pack_receipts({malformed.receipt}, {reply}));
  }
}

void AnswerIntake::acknowledgement(const Incoming& message, const core::RecipientId& connection) {
  ReplyTo reply = reply_to(message, connection, topics_);
  auto decoded = decode_acknowledgement(message.payload, connection);
  if (const auto* malformed = std::get_if<Malformed>(&decoded)) {
    return refuse(*malformed, reply);
  }
  ports::InboundAnswer answer;
  answer.answer = std::get<core::Acknowledgement>(std::move(decoded));
  answer.connection = connection;
  answer.channel = core::ChannelKind::mqtt;
  gathering_.answers.push_back(std::move(answer));
  gathering_.replies.push_back(std::move(reply));
}

bool AnswerIntake::full() const {
  return gathering_.answers.size() >= answers_batch_max && batches_in_flight_ >= answer_batches_in_flight_max;
}

void AnswerIntake::kick() {
  if (desk_ == nullptr || gathering_.answers.empty() || batches_in_flight_ >= answer_batches_in_flight_max) {
    return;
  }
  if (batches_in_flight_ > 0 && gathering_.answers.size() < answers_gather_min) {
    return;  // they go with the next ones, when the batch under way is back
  }
  Batch batch;
  std::swap(batch, gathering_);
  ++batches_in_flight_;
  if (!tasks_.spawn(submit(std::move(batch)))) {
    --batches_in_flight_;
  }
}

boost::asio::awaitable<void> AnswerIntake::submit(Batch batch) {
  const std::size_t number = batch.answers.size();
  auto receipts = co_await desk_->acknowledge(std::move(batch.answers));
  --batches_in_flight_;
  if (receipts && receipts->size() == number) {
    count("answered", number);
    outlet_.send_receipts(pack_receipts(*receipts, batch.replies));
  } else {
    count("unavailable", number);
    log_.warning("broker.answers_not_committed", {{"answers", std::to_string(number)}});
  }
  on_room_();
  kick();
}

void AnswerIntake::sighting(const Incoming& message, const core::RecipientId& connection) {
  WaitingSighting waiting;
  waiting.connection = connection;
  waiting.reply = reply_to(message, connection, topics_);
  auto decoded = decode_sighting(message.payload, connection);
  if (const auto* malformed = std::get_if<Malformed>(&decoded)) {
    return refuse(*malformed, waiting.reply);
  }
  if (sightings_.size() >= sightings_waiting_max) {
    return count("sighting_dropped");
  }
  waiting.sighting = std::get<core::Sighting>(std::move(decoded));
  sightings_.push_back(std::move(waiting));
  start_sightings();
}

void AnswerIntake::start_sightings() {
  while (desk_ != nullptr && !sightings_.empty() && sightings_in_flight_ < sightings_in_flight_max) {
    WaitingSighting next = std::move(sightings_.front());
    sightings_.pop_front();
    ++sightings_in_flight_;
    if (!tasks_.spawn(submit_sighting(std::move(next)))) {
      --sightings_in_flight_;
    }
  }
}

boost::asio::awaitable<void> AnswerIntake::submit_sighting(WaitingSighting waiting) {
  core::Receipt refused;
  refused.alert_id = waiting.sighting.alert_id;
  refused.recipient_id = waiting.sighting.recipient_id;
  refused.sighting_id = waiting.sighting.sighting_id;
  refused.result = core::ReceiptResult::refused;
  auto receipt = co_await desk_->sight(std::move(waiting.connection), std::move(waiting.sighting), {});
  --sightings_in_flight_;
  if (receipt) {
    count("sighting_answered");
    outlet_.send_receipts(pack_receipts({*receipt}, {waiting.reply}));
  } else if (is_for_later(receipt.error())) {
    count("sighting_unavailable");
  } else {
    count("sighting_refused");
    refused.reason = core::problem_name(receipt.error().code);
    outlet_.send_receipts(pack_receipts({refused}, {waiting.reply}));
  }
  start_sightings();
}

boost::asio::awaitable<void> AnswerIntake::stop(ports::Clock& clock) {
  auto ending = tasks_.join();
  co_await runtime::with_timeout(clock, std::move(ending), clock.steady_now() + answers_finish_deadline);
  tasks_.cancel_all();
  co_await tasks_.join();
}

}  // namespace tuanyuan::mqtt
