#include <chrono>

#include "adapters/wire/enums.hpp"
#include "adapters/wire/times.hpp"
#include "adapters/wire/view_codec.hpp"

namespace tuanyuan::wire {
namespace {

static_assert(v1::ExerciseAnswer::MISSING == static_cast<int>(core::Promptness::missing) + 1);

double seconds_of(core::Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

v1::ExerciseAnswer message_of(const core::ExerciseAnswer& answer) {
  v1::ExerciseAnswer message;
  message.set_promptness(static_cast<v1::ExerciseAnswer::Promptness>(static_cast<int>(answer.promptness) + 1));
  message.set_allowed_seconds(seconds_of(answer.allowed));
  if (answer.took) {
    message.set_seconds(seconds_of(*answer.took));
  }
  return message;
}

v1::RecipientScore message_of(const ports::RecipientScore& score) {
  v1::RecipientScore message;
  message.set_recipient_id(score.id.value);
  message.set_name(score.name);
  message.set_category(to_proto(score.category));
  if (const auto points = score.score.points()) {
    message.set_score(*points);
  }
  *message.mutable_received() = message_of(score.score.received);
  *message.mutable_displayed() = message_of(score.score.displayed);
  *message.mutable_confirmed() = message_of(score.score.confirmed);
  *message.mutable_removed() = message_of(score.score.removed);
  if (score.unable != core::UnableReason::none) {
    message.set_unable_reason(to_proto(score.unable));
  }
  return message;
}

}  // namespace

v1::Exercise to_proto(const ports::ExerciseView& view) {
  v1::Exercise message;
  message.set_alert_id(view.alert_id.value);
  message.set_name(view.name);
  message.set_state(static_cast<v1::AlertAnswer::State>(view.state));
  *message.mutable_begun() = to_proto(view.begun);
  if (view.ended) {
    *message.mutable_ended() = to_proto(*view.ended);
  }
  message.set_expected(view.expected);
  message.set_received(view.received);
  message.set_displayed(view.displayed);
  message.set_confirmed(view.confirmed);
  message.set_removed(view.removed);
  message.set_scored(view.scored);
  if (view.mean_score) {
    message.set_mean_score(*view.mean_score);
  }
  for (const auto& [category, score] : view.by_category) {
    (*message.mutable_by_category())[category] = score;
  }
  return message;
}

v1::ExerciseList to_proto(const ports::Listed<ports::ExerciseView>& list) {
  v1::ExerciseList message;
  for (const ports::ExerciseView& view : list.items) {
    *message.add_exercises() = to_proto(view);
  }
  return message;
}

v1::ExerciseScores to_proto(const ports::Listed<ports::RecipientScore>& list) {
  v1::ExerciseScores message;
  for (const ports::RecipientScore& score : list.items) {
    *message.add_scores() = message_of(score);
  }
  return message;
}

}  // namespace tuanyuan::wire
