#include "core/detail.hpp"

#include <array>

namespace tuanyuan::core {
namespace {

constexpr char list_separator = ',';
constexpr char pair_separator = '=';

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts;
  std::size_t from = 0;
  while (from < text.size()) {
    std::size_t to = text.find(list_separator, from);
    to = to == std::string::npos ? text.size() : to;
    parts.push_back(text.substr(from, to - from));
    from = to + 1;
  }
  return parts;
}

template <class Values, class Show>
std::string join(const Values& values, Show show) {
  std::string text;
  for (const auto& value : values) {
    if (!text.empty()) {
      text += list_separator;
    }
    text += show(value);
  }
  return text;
}

template <class Number>
bool read_number(const std::string& text, Number& value) {
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  return error == std::errc{} && stop == end;
}

}  // namespace

void DetailWriter::operator()(std::string_view name, double value) {
  std::array<char, 32> shortest{};
  const auto [end, error] = std::to_chars(shortest.begin(), shortest.end(), value);
  put(name, std::string(shortest.begin(), end));
}

void DetailWriter::operator()(std::string_view name, const std::vector<Division>& values) {
  put(name, join(values, [](Division division) { return to_string(division); }));
}

void DetailWriter::operator()(std::string_view name, const std::vector<std::string>& values) {
  put(name, join(values, [](const std::string& value) { return value; }));
}

void DetailWriter::operator()(std::string_view name, const AudienceSet& values) {
  std::vector<Audience> members;
  for (Audience audience : all_audiences) {
    if (values.contains(audience)) {
      members.push_back(audience);
    }
  }
  put(name, join(members, [](Audience audience) { return std::string(to_string(audience)); }));
}

void DetailWriter::operator()(std::string_view name, const std::map<std::string, std::uint32_t>& values) {
  put(name,
      join(values, [](const auto& pair) { return pair.first + pair_separator + std::to_string(pair.second); }));
}

const std::string& DetailReader::text(std::string_view name) {
  static const std::string nothing;
  const auto found = detail_.find(std::string(name));
  if (found == detail_.end()) {
    failed_ = true;
    return nothing;
  }
  return found->second;
}

void DetailReader::operator()(std::string_view name, std::string& value) {
  value = text(name);
}

void DetailReader::if_any(std::string_view name, std::string& value) {
  if (const auto found = detail_.find(std::string(name)); found != detail_.end()) {
    value = found->second;
  }
}

void DetailReader::operator()(std::string_view name, bool& value) {
  const std::string& word = text(name);
  value = word == "true";
  failed_ = failed_ || (word != "true" && word != "false");
}

void DetailReader::operator()(std::string_view name, std::uint32_t& value) {
  failed_ = !read_number(text(name), value) || failed_;
}

void DetailReader::operator()(std::string_view name, double& value) {
  failed_ = !read_number(text(name), value) || failed_;
}

void DetailReader::operator()(std::string_view name, Instant& value) {
  std::int64_t ms = 0;
  failed_ = !read_number(text(name), ms) || failed_;
  value = from_epoch_ms(ms);
}

void DetailReader::operator()(std::string_view name, Division& value) {
  const std::optional<Division> division = parse_division(text(name));
  failed_ = failed_ || !division;
  value = division.value_or(Division{});
}

void DetailReader::operator()(std::string_view name, std::vector<Division>& values) {
  for (const std::string& part : split(text(name))) {
    const std::optional<Division> division = parse_division(part);
    failed_ = failed_ || !division;
    values.push_back(division.value_or(Division{}));
  }
}

void DetailReader::operator()(std::string_view name, std::vector<std::string>& values) {
  values = split(text(name));
}

void DetailReader::operator()(std::string_view name, AudienceSet& values) {
  for (const std::string& part : split(text(name))) {
    if (const std::optional<Audience> audience = parse_audience(part)) {
      values.insert(*audience);
    } else {
      failed_ = true;
    }
  }
}

void DetailReader::operator()(std::string_view name, std::map<std::string, std::uint32_t>& values) {
  for (const std::string& part : split(text(name))) {
    const std::size_t middle = part.find(pair_separator);
    std::uint32_t count = 0;
    if (middle == std::string::npos || !read_number(part.substr(middle + 1), count)) {
      failed_ = true;
      continue;
    }
    values.emplace(part.substr(0, middle), count);
  }
}

void DetailReader::operator()(std::string_view name, Status& value) {
  const std::string& word = text(name);
  value = word == to_string(Status::actual) ? Status::actual : Status::exercise;
  failed_ = failed_ || word != to_string(value);
}

void DetailReader::operator()(std::string_view name, Outcome& value) {
  const std::optional<Outcome> outcome = parse_outcome(text(name));
  failed_ = failed_ || !outcome;
  value = outcome.value_or(Outcome::none);
}

void DetailReader::operator()(std::string_view name, Cause& value) {
  const std::optional<Cause> cause = parse_cause(text(name));
  failed_ = failed_ || !cause;
  value = cause.value_or(Cause::none);
}

void DetailReader::operator()(std::string_view name, SuspendReason& value) {
  const std::optional<SuspendReason> reason = parse_suspend_reason(text(name));
  failed_ = failed_ || !reason;
  value = reason.value_or(SuspendReason::none);
}

void DetailReader::operator()(std::string_view name, Assessment& value) {
  const std::string& word = text(name);
  for (Assessment assessment :
       {Assessment::unassessed, Assessment::credible, Assessment::not_credible, Assessment::confirmed}) {
    if (word == to_string(assessment)) {
      value = assessment;
      return;
    }
  }
  failed_ = true;
}

void DetailReader::operator()(std::string_view name, ChannelKind& value) {
  const std::optional<ChannelKind> channel = parse_channel(text(name));
  failed_ = failed_ || !channel;
  value = channel.value_or(value);
}

}  // namespace tuanyuan::core
