#include "core/answer.hpp"

#include "core/names.hpp"

namespace tuanyuan::core {
namespace {

constexpr Names<AnswerKind, answer_kind_count> kind_names{
    {"RECEIVED", "DISPLAYED", "CONFIRMED", "ACTING", "REMOVED", "UNABLE"}};
constexpr Names<UnableReason, 6> reason_names{
    {"", "NO_STAFF", "EQUIPMENT", "OFF_AIR", "EDITORIAL", "NOT_CONCERNED"}};
constexpr Names<AnswerSource, 3> source_names{{"STATION", "GATEWAY", "OFFICER"}};
constexpr Names<ReceiptResult, 3> result_names{{"RECORDED", "DUPLICATE", "REFUSED"}};
constexpr Names<Assessment, 4> assessment_names{{"UNASSESSED", "CREDIBLE", "NOT_CREDIBLE", "CONFIRMED"}};

bool is_step_of_showing(AnswerKind kind) {
  return kind <= AnswerKind::acting;
}

}  // namespace

std::string_view to_string(AnswerKind kind) {
  return kind_names[kind];
}
std::optional<AnswerKind> parse_answer_kind(std::string_view name) {
  return kind_names.find(name);
}

bool implies(AnswerKind said, AnswerKind asked) {
  return said == asked || (is_step_of_showing(said) && is_step_of_showing(asked) && said > asked);
}

std::string_view to_string(UnableReason reason) {
  return reason_names[reason];
}
std::optional<UnableReason> parse_unable_reason(std::string_view name) {
  return reason_names.find(name);
}

std::string_view to_string(AnswerSource source) {
  return source_names[source];
}
std::string_view to_string(ReceiptResult result) {
  return result_names[result];
}

std::string_view to_string(Assessment assessment) {
  return assessment_names[assessment];
}
std::optional<Assessment> parse_assessment(std::string_view name) {
  return assessment_names.find(name);
}

}  // namespace tuanyuan::core
