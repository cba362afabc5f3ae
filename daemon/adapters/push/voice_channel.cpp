#include "adapters/push/voice_channel.hpp"

#include <utility>
#include <variant>

#include "core/telephone.hpp"

namespace tuanyuan::push {
namespace {

/// How often it is spoken before it hangs up.
constexpr int repeats = 2;

std::string_view request_line(bool is_recall, std::string_view language) {
  if (language.starts_with("zh")) {
    return is_recall ? "已经撤下的，请按一键。" : "收到的，请按一键确认。";
  }
  return is_recall ? " Press one once it has been taken down." : " Press one to confirm.";
}

}  // namespace

VoiceChannel::VoiceChannel(const RestTools& tools, RestSettings settings, const Words& words,
                           const Credentials& secrets, const AnswerLinks& links)
    : RestChannel(tools, std::move(settings)), words_(words), secrets_(secrets), links_(links) {}

core::Result<HttpRequest> VoiceChannel::compose(const ports::Dispatch& dispatch, const core::Notice& notice) {
  if (core::national_number(dispatch.endpoint.address).empty()) {
    return core::Refusal(core::Errc::invalid);
  }
  const bool is_recall = core::is_recall(notice.kind);
  const std::string language = words_.language(dispatch.languages);
  std::string body = "{";
  append_member("id", message_id(dispatch), body);
  append_member("to", dispatch.endpoint.address, body);
  append_member("language", language, body);
  append_member("speech",
                words_.speech(notice, dispatch.languages) + std::string(request_line(is_recall, language)), body);
  body += R"(,"repeat":)" + std::to_string(repeats);
  append_member("callbackUrl", links_.url(link_of(dispatch, notice)), body);
  body += '}';
  auto request = json_post(settings().base, std::move(body));
  if (request) {
    request->fields.emplace_back("authorization", "Bearer " + std::string(secrets_.of("token")));
  }
  return request;
}

Verdict VoiceChannel::judge(const HttpResult& result) {
  return judge_by_status(result, now());
}

}  // namespace tuanyuan::push
