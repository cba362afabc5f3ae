#include "tools/ctl/api.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "tools/ctl/json_view.hpp"
#include "tools/ctl/problem.hpp"

namespace tuanyuan::ctl {
namespace {

constexpr std::chrono::milliseconds first_retry_delay{200};
constexpr std::size_t page_items_max = 1'000;  // contract, section 2
constexpr int service_unavailable = 503;

bool is_done(int status) {
  return status >= 200 && status < 300;
}

Outcome<std::string> body_of(Outcome<HttpResponse> answer) {
  if (!answer) {
    return answer.error();
  }
  return std::move(answer->body);
}

}  // namespace

Api::Api(std::unique_ptr<HttpClient> client, CallSettings settings)
    : client_(std::move(client)), settings_(std::move(settings)) {}

HttpRequest Api::request(std::string method, std::string target) const {
  HttpRequest made;
  made.method = std::move(method);
  made.target = std::move(target);
  made.headers.emplace_back("Accept", "application/json");
  if (!settings_.language.empty()) {
    made.headers.emplace_back("Accept-Language", settings_.language);
  }
  return made;
}

Outcome<HttpResponse> Api::call(HttpRequest request) {
  std::string key;
  if (request.method != "GET") {
    key = settings_.idempotency_key.empty() ? settings_.new_key() : settings_.idempotency_key;
    request.headers.emplace_back("Idempotency-Key", key);
  }
  std::optional<Failure> lost;  // an attempt without an answer, which may have been carried out
  const auto deadline = settings_.now() + settings_.deadline;
  auto delay = first_retry_delay;
  for (int attempt = 1;; ++attempt) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - settings_.now());
    auto answer = client_->send(request, left);
    const bool answered = answer.has_value() && answer->status != service_unavailable;
    if (answered && is_done(answer->status)) {
      return answer;
    }
    if (answered) {
      return refusal(std::move(*answer));
    }
    if (!answer && !key.empty()) {
      lost = answer.error();
      lost->text += "\nit may have been carried out all the same: repeat it with --idempotency-key " + key;
    }
    const auto wait = answer ? std::max<std::chrono::milliseconds>(delay, answer->retry_after) : delay;
    if (attempt == attempts_max || settings_.now() + wait >= deadline) {
      if (lost) {
        return std::move(*lost);
      }
      if (answer) {
        return refusal(std::move(*answer));
      }
      return answer;
    }
    settings_.pause(wait);
    delay = std::min(2 * delay, retry_delay_ms_max);
  }
}

Outcome<std::string> Api::get(const std::string& target) {
  return body_of(call(request("GET", target)));
}

Outcome<std::string> Api::post(const std::string& target, std::string body, const std::string& content_type) {
  HttpRequest made = request("POST", target);
  made.headers.emplace_back("Content-Type", content_type);
  made.body = std::move(body);
  return body_of(call(std::move(made)));
}

Outcome<std::string> Api::put(const std::string& target, std::string body) {
  HttpRequest made = request("PUT", target);
  made.headers.emplace_back("Content-Type", "application/json");
  made.body = std::move(body);
  return body_of(call(std::move(made)));
}

Outcome<std::string> Api::erase(const std::string& target) {
  return body_of(call(request("DELETE", target)));
}

Outcome<HttpResponse> Api::fetch(const std::string& target) {
  HttpRequest made = request("GET", target);
  made.headers.front().second = "image/*, application/pdf, text/html, text/plain, application/problem+json";
  return call(std::move(made));
}

Outcome<boost::json::value> Api::list(const std::string& target, std::string_view name, std::size_t most) {
  boost::json::array all;
  std::string token;
  do {
    const std::size_t wanted = std::min(page_items_max, most - all.size());
    std::string page = target + (target.find('?') == std::string::npos ? '?' : '&');
    page += "page_size=" + std::to_string(wanted);
    if (!token.empty()) {
      page += "&page_token=" + escape(token);
    }
    const auto body = get(page);
    if (!body) {
      return body.error();
    }
    auto answer = parse_json(*body);
    if (!answer) {
      return Failure(Exit::refused, "the daemon's answer is not JSON");
    }
    const boost::json::array& items = items_at(*answer, name);
    all.insert(all.end(), items.begin(), items.end());
    const std::string next = text_at(*answer, "nextPageToken");
    token = next == token || items.empty() ? std::string() : next;
  } while (!token.empty() && all.size() < most);
  boost::json::object document;
  document[boost::json::string_view(name.data(), name.size())] = std::move(all);
  return boost::json::value(std::move(document));
}

Outcome<std::unique_ptr<HttpStream>> Api::events(const std::string& last_event_id) {
  HttpRequest made = request("GET", "/events");
  made.headers.front().second = "text/event-stream";
  if (!last_event_id.empty()) {
    made.headers.emplace_back("Last-Event-ID", last_event_id);
  }
  return client_->open(made, settings_.deadline);
}

std::string escape(std::string_view text) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  constexpr std::string_view unreserved = "-._~";
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                       unreserved.find(c) != std::string_view::npos;
    if (plain) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += {'%', hex[byte >> 4], hex[byte & 15]};
    }
  }
  return out;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    text += (text.empty() ? "" : ",") + word;
  }
  return text;
}

}  // namespace tuanyuan::ctl
