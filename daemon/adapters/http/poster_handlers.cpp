#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/http/api.hpp"
#include "adapters/http/handlers.hpp"
#include "adapters/http/media.hpp"
#include "core/broadcast_script.hpp"
#include "core/language_tag.hpp"

namespace tuanyuan::http {
namespace {

/// What is said of a poster in the query, and as what it is sent.
struct Kind {
  std::string_view name;
  ports::PosterFormat format;
  std::string_view media_type;
};
/// Of equals in Accept, and where nothing is said at all, the first; `led` is asked for as text or as a page.
constexpr std::array kinds{
    Kind{"html", ports::PosterFormat::html, page_type},
    Kind{"pdf", ports::PosterFormat::pdf, pdf_type},
    Kind{"script", ports::PosterFormat::script, text_type},
    Kind{"led", ports::PosterFormat::led, text_type},
    Kind{"led", ports::PosterFormat::led_pdf, pdf_type},
    Kind{"led-pdf", ports::PosterFormat::led_pdf, pdf_type},
};

/// Nothing comes from elsewhere, nothing runs. Styles stand in the page, with the letters that the child's name
/// takes; all of its text is escaped.
constexpr std::string_view poster_policy =
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'";

bool asks_for(const std::optional<std::string>& format, const Kind& kind) {
  return !format || *format == kind.name;
}

bool is_format(const std::string& format) {
  for (const Kind& kind : kinds) {
    if (format == kind.name) {
      return true;
    }
  }
  return false;
}

/// The kind whose media type the caller likes best, of those the query leaves open. Null: none of them.
const Kind* choose_kind(const Exchange& x, const std::optional<std::string>& format) {
  std::vector<std::string_view> offers;
  for (const Kind& kind : kinds) {
    if (asks_for(format, kind)) {
      offers.push_back(kind.media_type);
    }
  }
  const std::optional<std::string_view> chosen = choose(x.request().accept, offers);
  for (const Kind& kind : kinds) {
    if (chosen && asks_for(format, kind) && kind.media_type == *chosen) {
      return &kind;
    }
  }
  return nullptr;
}

std::optional<std::uint32_t> slot_of(const std::string& text) {
  for (const std::uint32_t seconds : core::script_seconds) {
    if (text == std::to_string(seconds)) {
      return seconds;
    }
  }
  return std::nullopt;
}

Outcome<ports::PosterOptions> read_options(const Exchange& x) {
  ports::PosterOptions options;
  std::vector<core::FieldError> wrong;
  const auto audience = x.target().parameter("audience");
  if (audience) {
    options.audience = core::parse_audience(*audience);
    if (!options.audience) {
      wrong.emplace_back("audience", core::Text("须为 POLICE、PARTNER 或 PUBLIC", "is POLICE, PARTNER or PUBLIC"));
    }
  }
  if (const auto language = x.target().parameter("language")) {
    options.language = *language;
    if (!core::is_language_tag(*language)) {
      wrong.emplace_back("language", core::Text("须为 BCP 47 语言标签", "has to be a BCP 47 language tag"));
    }
  }
  if (const auto seconds = x.target().parameter("seconds")) {
    options.seconds = slot_of(*seconds);
    if (!options.seconds) {
      wrong.emplace_back("seconds", core::Text("须为 15 或 30", "is 15 or 30"));
    }
  }
  const auto format = x.target().parameter("format");
  if (format && !is_format(*format)) {
    wrong.emplace_back(
        "format", core::Text("须为 html、pdf、led、led-pdf 或 script", "is html, pdf, led, led-pdf or script"));
  }
  if (!wrong.empty()) {
    return Problem(core::Refusal(std::move(wrong)));
  }
  return options;
}

/// Whether there is such an alert for the caller comes before what is wrong with the request.
Answering refuse_poster(Api& api, Exchange x, Problem problem) {
  core::Caller caller = x.caller();
  auto id = x.id<core::AlertId>();
  const auto view = co_await api.desks().cases.alert(std::move(caller), std::move(id));
  if (!view && Problem(view.error()).precedes_body_errors()) {
    co_return x.refuse(view.error());
  }
  co_return x.refuse(problem);
}

}  // namespace

Answering get_poster(Api& api, Exchange x) {
  Outcome<ports::PosterOptions> options = read_options(x);
  if (!options) {
    Problem problem = options.error();
    co_return co_await refuse_poster(api, std::move(x), std::move(problem));
  }
  const Kind* kind = choose_kind(x, x.target().parameter("format"));
  if (kind == nullptr) {
    Problem problem = not_acceptable();
    co_return co_await refuse_poster(api, std::move(x), std::move(problem));
  }
  options->format = kind->format;
  core::Caller caller = x.caller();
  auto id = x.id<core::AlertId>();
  core::Result<ports::Poster> poster =
      co_await api.desks().posters.poster(std::move(caller), std::move(id), std::move(*options));
  if (!poster) {
    co_return x.refuse(poster.error());
  }
  Response response;
  response.content_type = kind->media_type;
  if (kind->media_type != pdf_type) {
    response.content_type += "; charset=utf-8";
  }
  response.body = std::move(poster->body);
  response.fields.emplace_back("Content-Language", poster->language);
  if (kind->media_type == page_type) {
    response.fields.emplace_back("Content-Security-Policy", std::string(poster_policy));
    response.fields.emplace_back("Referrer-Policy", "no-referrer");
  }
  co_return response;
}

}  // namespace tuanyuan::http
