#include "adapters/push/ntfy_channel.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include "adapters/push/limits.hpp"

namespace tuanyuan::push {
namespace {

/// What ntfy calls them: 3 is as usual, 4 high, 5 "max", which rings long and stays on the screen.
int priority_of(const core::Notice& notice) {
  constexpr int usual = 3;
  constexpr int high = 4;
  constexpr int max = 5;
  if (core::is_recall(notice.kind)) {
    return usual;
  }
  return notice.status == core::Status::actual ? max : high;
}

/// Names of emoji stand before the title, the others below the text.
std::string_view tags_of(const core::Notice& notice) {
  if (core::is_recall(notice.kind)) {
    return R"(["white_check_mark"])";
  }
  return notice.status == core::Status::actual ? R"(["rotating_light"])" : R"(["construction"])";
}

bool is_topic_name(std::string_view name) {
  return !name.empty() && name.size() <= ntfy_topic_chars_max && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
  });
}

}  // namespace

core::Result<NtfyTopic> parse_ntfy_topic(std::string_view address, std::string_view base) {
  const bool is_url = address.find("://") != std::string_view::npos;
  auto url = parse_url(is_url ? std::string(address) : std::string(base) + "/" + std::string(address));
  if (!url) {
    return url.error();
  }
  NtfyTopic topic;
  topic.name = url->target.substr(url->target.rfind('/') + 1);
  if (!is_topic_name(topic.name)) {
    return core::Refusal(core::Errc::invalid);
  }
  topic.server = std::move(*url);
  topic.server.target.resize(topic.server.target.size() - topic.name.size());
  return topic;
}

NtfyChannel::NtfyChannel(const RestTools& tools, RestSettings settings, const Words& words,
                         const AnswerLinks& links)
    : RestChannel(tools, std::move(settings)), words_(words), links_(links) {}

std::string NtfyChannel::lane(const ports::Dispatch& dispatch) const {
  const auto topic = parse_ntfy_topic(dispatch.endpoint.address, settings().base);
  return topic ? topic->server.origin() : std::string();
}

core::Result<HttpRequest> NtfyChannel::compose(const ports::Dispatch& dispatch, const core::Notice& notice) {
  auto topic = parse_ntfy_topic(dispatch.endpoint.address, settings().base);
  if (!topic) {
    return topic.error();
  }
  const std::string text = words_.bodies(notice, dispatch.languages, core::at_most_bytes(ntfy_text_bytes_max));
  if (text.size() > ntfy_text_bytes_max) {
    return core::Refusal(core::Errc::too_large);  // ntfy would make a file of it, which nobody opens
  }
  HttpRequest request;
  request.url = std::move(topic->server);
  request.fields.emplace_back("content-type", "application/json; charset=utf-8");
  if (!dispatch.endpoint.secret.empty()) {
    request.fields.emplace_back("authorization", "Bearer " + dispatch.endpoint.secret);
  }
  std::string& body = request.body;
  body = "{";
  append_member("topic", topic->name, body);
  append_member("title", words_.headline(notice, dispatch.languages, core::at_most_bytes(ntfy_title_bytes_max)),
                body);
  append_member("message", text, body);
  body += R"(,"priority":)" + std::to_string(priority_of(notice));
  body += R"(,"tags":)" + std::string(tags_of(notice));
  append_member("click", links_.url(link_of(dispatch, notice)), body);
  append_member("sequence_id", dispatch.delivery.alert_id.value, body);
  body += '}';
  return request;
}

/// The status says it all; that a topic is gone, ntfy never says: it makes them when they are asked for.
Verdict NtfyChannel::judge(const HttpResult& result) {
  Verdict verdict = judge_by_status(result, now());
  verdict.sent.address_dead = false;
  return verdict;
}

}  // namespace tuanyuan::push
