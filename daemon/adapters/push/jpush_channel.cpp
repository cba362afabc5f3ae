#include "adapters/push/jpush_channel.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "adapters/push/digests.hpp"
#include "adapters/wire/json.hpp"
#include "core/group_address.hpp"

namespace tuanyuan::push {
namespace {

constexpr std::chrono::hours cids_kept_for{23};
constexpr std::chrono::seconds fetch_pause{30};
constexpr std::size_t cids_in_use_max = 100'000;
constexpr std::chrono::seconds time_to_live_max{10 * 24 * 3'600};
/// Apple's share of a push is 2,000 bytes, title, link and the rest beside the text; Android's is 4,000.
constexpr std::size_t text_bytes_max = 1'000;
constexpr std::size_t title_units_max = 50;

constexpr std::int32_t minute = 60;
constexpr std::int64_t fault_of_theirs = 1'000;
constexpr std::int64_t timed_out_within = 1'030;
constexpr std::array codes{
    CodeRow{fault_of_theirs, CodeMeaning::retry},
    CodeRow{1'001, CodeMeaning::rejected},  // not POST
    CodeRow{1'002, CodeMeaning::rejected},  // something is missing
    CodeRow{1'003, CodeMeaning::rejected},  // something is wrong
    CodeRow{1'004, CodeMeaning::people},    // key or secret
    CodeRow{1'005, CodeMeaning::rejected},  // too large
    CodeRow{1'008, CodeMeaning::people},    // the application's key
    CodeRow{1'009, CodeMeaning::rejected},  // a field that it does not know
    CodeRow{1'011, CodeMeaning::dead},      // nobody is behind this address
    CodeRow{timed_out_within, CodeMeaning::retry},
    CodeRow{2'002, CodeMeaning::throttled, minute},  // over the quota of a minute
    CodeRow{2'003, CodeMeaning::people},  // our address is not on the list; the next two, no right of use
    CodeRow{2'004, CodeMeaning::people},
    CodeRow{2'005, CodeMeaning::people},
};

void append_audience(std::string_view address, std::string& body) {
  constexpr std::string_view alias = "alias:";
  std::string_view kind = "registration_id";
  const auto group = core::group_address(core::ChannelKind::jpush, address);
  if (group) {
    kind = core::to_string(group->kind);
    address = group->name;
  } else if (address.starts_with(alias)) {
    kind = "alias";
    address.remove_prefix(alias.size());
  }
  body += R"("audience":{")" + std::string(kind) + R"(":[)";
  wire::append_json_string(address, body);
  body += "]}";
}

}  // namespace

JpushChannel::JpushChannel(const RestTools& tools, RestSettings settings, JpushSettings jpush, const Words& words,
                           const Credentials& secrets, const AnswerLinks& links)
    : RestChannel(tools, std::move(settings)),
      jpush_(std::move(jpush)),
      words_(words),
      secrets_(secrets),
      links_(links) {}

std::string JpushChannel::authorization() const {
  return "Basic " + to_base64(jpush_.app_key + ":" + std::string(secrets_.of("master_secret")));
}

boost::asio::awaitable<void> JpushChannel::fetch_cids(ports::Clock::Steady deadline) {
  const runtime::Turns::Turn turn = co_await turns_.take("cid");
  if ((!free_.empty() && steady_now() < free_until_) || steady_now() < no_fetch_before_) {
    co_return;
  }
  free_.clear();
  forget_old_cids();
  HttpRequest request;
  request.method = "GET";
  const auto url = parse_url(settings().base + "/v3/push/cid?count=1000");
  if (!url) {
    co_return;
  }
  request.url = *url;
  request.fields.emplace_back("authorization", authorization());
  const HttpResult result = co_await ask(std::move(request), deadline);
  if (result.outcome == HttpResult::Outcome::answered && result.status == 200) {
    const std::vector<std::string> cids = texts_in(result.body, {"cidlist"});
    free_.assign(cids.begin(), cids.end());
    free_until_ = steady_now() + cids_kept_for;
  }
  if (free_.empty()) {
    no_fetch_before_ = steady_now() + fetch_pause;
  }
}

boost::asio::awaitable<ports::SendResult> JpushChannel::make_ready(std::string message,
                                                                   ports::Clock::Steady deadline) {
  const auto known = in_use_.find(message);
  if (known == in_use_.end() || steady_now() >= known->second.until) {
    co_await fetch_cids(deadline);
  }
  ports::SendResult ready;
  ready.outcome = core::DeliveryOutcome::accepted;
  co_return ready;
}

boost::asio::awaitable<HttpResult> JpushChannel::carry(HttpRequest request, const ports::Dispatch& dispatch) {
  const std::string message = message_id(dispatch);
  auto carrying = RestChannel::carry(std::move(request), dispatch);
  HttpResult result = co_await std::move(carrying);
  settle_cid(message, result);
  co_return result;
}

/// Only what may have been pushed without our knowing still needs its own. An answer without a code of JPush's,
/// from whatever stands before it, says as little as none.
void JpushChannel::settle_cid(const std::string& message, const HttpResult& result) {
  constexpr int server_error = 500;
  if (result.outcome == HttpResult::Outcome::not_sent) {
    return;  // nor does this change what came of an earlier try
  }
  const auto code = number_below(result.body, "error", "code");
  const bool is_unclear = judge(result).sent.outcome == core::DeliveryOutcome::unknown ||
                          code == fault_of_theirs || code == timed_out_within ||
                          (!code && result.status >= server_error);
  if (!is_unclear || in_use_.size() > cids_in_use_max) {
    in_use_.erase(message);
  }
}

std::string JpushChannel::cid_of(const std::string& message) {
  const ports::Clock::Steady now = steady_now();
  const auto known = in_use_.find(message);
  if (known != in_use_.end() && now < known->second.until) {
    return known->second.text;
  }
  if (free_.empty() || now >= free_until_) {
    return {};
  }
  Cid cid;
  cid.text = std::move(free_.front());
  cid.until = free_until_;
  free_.pop_front();
  return in_use_.insert_or_assign(message, std::move(cid)).first->second.text;
}

void JpushChannel::forget_old_cids() {
  std::erase_if(in_use_, [now = steady_now()](const auto& each) { return now >= each.second.until; });
}

core::Result<HttpRequest> JpushChannel::compose(const ports::Dispatch& dispatch, const core::Notice& notice) {
  if (dispatch.endpoint.address.empty() || core::group_fault(kind(), dispatch.endpoint.address)) {
    return core::Refusal(core::Errc::invalid);
  }
  const std::string title = words_.headline(notice, dispatch.languages, core::at_most_units(title_units_max));
  const std::string text = words_.body(notice, dispatch.languages, core::at_most_bytes(text_bytes_max));
  const std::string& alert = dispatch.delivery.alert_id.value;
  const bool is_one = !core::group_address(kind(), dispatch.endpoint.address);
  const std::string extras = app_extras(dispatch, notice, is_one ? links_.url(link_of(dispatch, notice)) : "");
  std::string body = "{";
  if (const std::string cid = cid_of(message_id(dispatch)); !cid.empty()) {
    append_member("cid", cid, body);
  }
  append_member("platform", "all", body);
  body += ',';
  append_audience(dispatch.endpoint.address, body);
  body += R"(,"notification":{"android":{)";
  append_member("alert", text, body);
  append_member("title", title, body);
  body += R"(,"extras":)" + extras + R"(},"ios":{"alert":{)";
  append_member("title", title, body);
  append_member("body", text, body);
  body += R"(},"sound":"default","extras":)" + extras + "}}";
  body +=
      R"(,"options":{"time_to_live":)" + std::to_string(kept_for(dispatch, now(), {}, time_to_live_max).count());
  append_member("apns_collapse_id", alert, body);  // an update or recall takes the place of what an iPhone shows
  body += std::string(R"(,"apns_production":)") + (jpush_.is_production ? "true" : "false") + "}}";
  auto request = json_post(settings().base + "/v3/push", std::move(body));
  if (request) {
    request->fields.emplace_back("authorization", authorization());
  }
  return request;
}

/// Accepted says the status; refused says the code, below "error".
Verdict JpushChannel::judge(const HttpResult& result) {
  const bool is_accepted = result.outcome == HttpResult::Outcome::answered && result.status == 200 &&
                           number_in(result.body, {"msg_id"}).has_value();
  if (is_accepted) {
    Verdict verdict;
    verdict.sent.outcome = core::DeliveryOutcome::accepted;
    return verdict;
  }
  return judge_by_code(result, number_below(result.body, "error", "code"), codes, now());
}

}  // namespace tuanyuan::push
