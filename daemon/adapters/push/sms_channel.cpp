#include "adapters/push/sms_channel.hpp"

#include <algorithm>
#include <iterator>
#include <utility>
#include <variant>

#include "adapters/push/sms_message.hpp"
#include "core/telephone.hpp"

namespace tuanyuan::push {
namespace {

/// As it was entered, without what only makes it easier to read.
std::string dialled(std::string_view address) {
  std::string number;
  std::copy_if(address.begin(), address.end(), std::back_inserter(number),
               [](char c) { return c == '+' || (c >= '0' && c <= '9'); });
  return number;
}

}  // namespace

SmsChannel::SmsChannel(const RestTools& tools, RestSettings settings, SmsSettings sms, const Words& words,
                       const Credentials& secrets, const AnswerLinks& links)
    : RestChannel(tools, std::move(settings)),
      sms_(std::move(sms)),
      words_(words),
      secrets_(secrets),
      links_(links) {}

core::Result<HttpRequest> SmsChannel::compose(const ports::Dispatch& dispatch, const core::Notice& notice) {
  const auto& recipient = std::get<core::RecipientId>(dispatch.delivery.target);
  auto url = parse_url(settings().base + "/cgi-bin/sendsms");
  if (core::national_number(dispatch.endpoint.address).empty() || !url) {
    return core::Refusal(core::Errc::invalid);
  }
  const bool is_recall = core::is_recall(notice.kind);
  const std::uint32_t revision = dispatch.delivery.version.revision;
  const std::string code = reply_code(dispatch.delivery.alert_id, revision, recipient);
  const std::string tail = reply_line(code, is_recall, words_.language(dispatch.languages));
  const core::Fits fits = at_most_parts(sms_.parts_max);
  const core::Fits beside = [&](std::string_view text) { return fits(std::string(text) + tail); };
  HttpRequest request;
  request.url = std::move(*url);
  request.body = words_.body(notice, dispatch.languages, beside) + tail;
  if (!fits(request.body)) {
    return core::Refusal(core::Errc::too_large);
  }
  request.fields = {{"content-type", "text/plain; charset=UTF-8"},
                    {"x-kannel-username", sms_.username},
                    {"x-kannel-password", std::string(secrets_.of("password"))},
                    {"x-kannel-to", dialled(dispatch.endpoint.address)},
                    {"x-kannel-coding", "2"},
                    {"x-kannel-dlr-mask", std::to_string(sms_report_mask)},
                    {"x-kannel-dlr-url", links_.url(link_of(dispatch, notice)) + "&status=%d"}};
  if (!sms_.from.empty()) {
    request.fields.emplace_back("x-kannel-from", sms_.from);
  }
  return request;
}

Verdict SmsChannel::judge(const HttpResult& result) {
  return judge_sendsms(result, now());
}

}  // namespace tuanyuan::push
