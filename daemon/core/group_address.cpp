#include "core/group_address.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "core/unicode.hpp"

namespace tuanyuan::core {
namespace {

using Kind = GroupAddress::Kind;

bool is_letter_or_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_topic_name(std::string_view name) {
  return !name.empty() && name.size() <= topic_name_chars_max && std::all_of(name.begin(), name.end(), [](char c) {
    return is_letter_or_digit(c) || std::string_view("-_.~%").find(c) != std::string_view::npos;
  });
}

/// Letters, digits, Chinese characters and these signs, as JPush's SDK takes them; "-" is Getui's and Xiaomi's.
bool is_tag_of(std::string_view name, std::string_view signs) {
  if (name.empty() || name.size() > tag_bytes_max) {
    return false;
  }
  while (!name.empty()) {
    const auto code_point = take_code_point(name);
    const bool is_plain = code_point && *code_point < 0x80;
    const char c = is_plain ? static_cast<char>(*code_point) : '\0';
    const bool is_chinese = code_point && *code_point >= 0x4E00 && *code_point <= 0x9FFF;
    if (!is_chinese && !(is_plain && (is_letter_or_digit(c) || signs.find(c) != std::string_view::npos))) {
      return false;
    }
  }
  return true;
}

bool is_jpush_tag(std::string_view name) {
  return is_tag_of(name, "_@!#$&*+=.|");
}
bool is_tag(std::string_view name) {
  return is_tag_of(name, "_-@!#$&*+=.|");
}

/// `'NAME' in topics`, joined by && and || and parentheses. What has "!" would reach all others that have the app.
class Condition {
 public:
  explicit Condition(std::string_view text) : left_(text) {}

  bool is_one() {
    const bool good = expression();
    skip_spaces();
    return good && left_.empty() && topics_ <= condition_topics_max;
  }

 private:
  void skip_spaces() {
    while (left_.starts_with(' ')) {
      left_.remove_prefix(1);
    }
  }
  bool take(std::string_view sign) {
    skip_spaces();
    const bool is_here = left_.starts_with(sign);
    left_.remove_prefix(is_here ? sign.size() : 0);
    return is_here;
  }
  bool topic() {
    if (!take("'")) {
      return false;
    }
    const std::size_t end = left_.find('\'');
    if (end == std::string_view::npos || !is_topic_name(left_.substr(0, end))) {
      return false;
    }
    left_.remove_prefix(end + 1);
    ++topics_;
    return take("in ") && take("topics");
  }
  bool term() {
    if (!take("(")) {
      return topic();
    }
    ++depth_;
    const bool good = depth_ <= condition_depth_max && expression() && take(")");
    --depth_;
    return good;
  }
  bool expression() {
    bool good = term();
    while (good && (take("&&") || take("||"))) {
      good = term();
    }
    return good;
  }

  std::string_view left_;
  std::size_t topics_ = 0;
  std::size_t depth_ = 0;
};

bool is_condition(std::string_view text) {
  return Condition(text).is_one();
}

struct Row {
  ChannelKind gateway;
  Kind kind;
  bool (*is_name)(std::string_view name);
};
constexpr std::array rows = {
    Row{ChannelKind::fcm, Kind::topic, is_topic_name}, Row{ChannelKind::fcm, Kind::condition, is_condition},
    Row{ChannelKind::hms, Kind::topic, is_topic_name}, Row{ChannelKind::hms, Kind::condition, is_condition},
    Row{ChannelKind::xiaomi, Kind::topic, is_tag},     Row{ChannelKind::jpush, Kind::tag, is_jpush_tag},
    Row{ChannelKind::getui, Kind::tag, is_tag},
};
constexpr std::array kinds = {Kind::topic, Kind::tag, Kind::condition};

/// The word before the colon, and what is behind it.
std::optional<GroupAddress> split(std::string_view address) {
  for (const Kind kind : kinds) {
    const std::string_view word = to_string(kind);
    if (address.size() > word.size() && address.starts_with(word) && address[word.size()] == ':') {
      return GroupAddress{kind, std::string(address.substr(word.size() + 1))};
    }
  }
  return std::nullopt;
}

const Row* row_of(ChannelKind gateway, Kind kind) {
  const auto found = std::find_if(rows.begin(), rows.end(),
                                  [&](const Row& row) { return row.gateway == gateway && row.kind == kind; });
  return found == rows.end() ? nullptr : &*found;
}

Text no_such(ChannelKind gateway) {
  std::string words;
  for (const Row& row : rows) {
    if (row.gateway == gateway) {
      words += (words.empty() ? "" : ", ") + std::string(to_string(row.kind)) + ":";
    }
  }
  if (words.empty()) {
    return Text("该网关没有主题和标签，须填单个设备的地址",
                "this gateway has no topics or tags: has to be the address of one device");
  }
  return Text("该网关的群组地址只有 " + words, "of such addresses this gateway has only " + words);
}

}  // namespace

std::string_view to_string(Kind kind) {
  switch (kind) {
    case Kind::topic:
      return "topic";
    case Kind::tag:
      return "tag";
    case Kind::condition:
      break;
  }
  return "condition";
}

std::optional<GroupAddress> group_address(ChannelKind gateway, std::string_view address) {
  std::optional<GroupAddress> group = split(address);
  if (group && row_of(gateway, group->kind) == nullptr) {
    group.reset();
  }
  return group;
}

std::optional<Text> group_fault(ChannelKind gateway, std::string_view address) {
  const std::optional<GroupAddress> group = split(address);
  if (!group) {
    return std::nullopt;
  }
  const Row* const row = row_of(gateway, group->kind);
  if (row == nullptr) {
    return no_such(gateway);
  }
  if (row->is_name(group->name)) {
    return std::nullopt;
  }
  if (group->kind == Kind::condition) {
    return Text("条件须为至多五个 '主题' in topics，以 &&、|| 与括号相连",
                "a condition is at most five of 'NAME' in topics, joined by &&, || and parentheses");
  }
  if (row->is_name == is_topic_name) {
    return Text("主题名只能含字母、数字与 - _ . ~ %", "a topic's name has letters, digits and - _ . ~ % only");
  }
  return Text(
      "名称至多四十字节，只能含汉字、字母、数字与网关允许的符号",
      "the name has at most 40 bytes: Chinese characters, letters, digits, and the signs that the gateway allows");
}

}  // namespace tuanyuan::core
