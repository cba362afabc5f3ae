#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>

#include "tools/ctl/http_client.hpp"

namespace tuanyuan::ctl {

inline constexpr int attempts_max = 5;
inline constexpr std::chrono::milliseconds retry_delay_ms_max{5'000};
inline constexpr std::size_t list_items_max = 1'000'000;

/// What the calls need besides a connection. `pause` and `now` are the caller's so that tests do not wait.
struct CallSettings {
  std::chrono::milliseconds deadline{30'000};  ///< of one call, its repeats included
  std::string language;                        ///< Accept-Language of the texts in refusals
  std::string idempotency_key;                 ///< empty: one is made for each unsafe call
  std::function<std::string()> new_key;        ///< a random UUID
  std::function<std::chrono::steady_clock::time_point()> now;
  std::function<void(std::chrono::milliseconds)> pause;
};

/// The daemon's calls. A call that got no answer, or 503, is repeated, at most so often and until its deadline: an
/// unsafe one with the same Idempotency-Key, so that it takes effect once whichever attempt arrived (contract,
/// section 2). Where one of its attempts stayed without an answer it is unknown, and never called refused.
class Api {
 public:
  Api(std::unique_ptr<HttpClient> client, CallSettings settings);

  /// All answer JSON as the daemon wrote it, unless said otherwise.
  Outcome<std::string> get(const std::string& target);
  Outcome<std::string> post(const std::string& target, std::string body,
                            const std::string& content_type = "application/json");
  Outcome<std::string> put(const std::string& target, std::string body);
  Outcome<std::string> erase(const std::string& target);
  /// Any media type: a picture.
  Outcome<HttpResponse> fetch(const std::string& target);

  /// Every page of a list, at most `most` items, whose items stand under `name`: as one document
  /// {"<name>":[…]}.
  Outcome<boost::json::value> list(const std::string& target, std::string_view name, std::size_t most);

  /// GET /events from after `last_event_id`; from now on where that is empty.
  Outcome<std::unique_ptr<HttpStream>> events(const std::string& last_event_id);

 private:
  Outcome<HttpResponse> call(HttpRequest request);
  HttpRequest request(std::string method, std::string target) const;

  std::unique_ptr<HttpClient> client_;
  CallSettings settings_;
};

/// Percent-encodes one segment of a path or one value of a query (RFC 3986, 2.3).
std::string escape(std::string_view text);

/// With commas between them, as a list's filter takes several words.
std::string joined(const std::vector<std::string>& words);

}  // namespace tuanyuan::ctl
