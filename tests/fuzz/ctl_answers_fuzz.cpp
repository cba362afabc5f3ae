// What tuanyuanctl reads of the daemon, of its own command line, and writes for a terminal.
#include <string>

#include "core/unicode.hpp"
#include "fuzz/property.hpp"
#include "tools/ctl/api.hpp"
#include "tools/ctl/enrolment.hpp"
#include "tools/ctl/json_view.hpp"
#include "tools/ctl/problem.hpp"
#include "tools/ctl/text_table.hpp"
#include "tools/ctl/times.hpp"

using tuanyuan::fuzz::require;
using namespace tuanyuan;
using namespace tuanyuan::ctl;

namespace {

void answer(std::string_view text) {
  HttpResponse response;
  response.status = 422;
  response.body = text;
  const Failure failure = refusal(response);
  require(failure.exit == Exit::refused && failure.text.starts_with("refused (422)"));
  if (const auto json = parse_json(text)) {
    require(outline(*json).empty() || outline(*json).back() == '\n');
    for (const char* path : {"", "alertId", "liaison.telephone", ".", "a..b"}) {
      items_at(*json, path);
      require(number_at(*json, path) == 0 || !text_at(*json, path).empty());
    }
  }
}

void addresses(const std::string& text) {
  if (const auto connection = parse_api_url(text)) {
    require(!connection->host.empty() && !connection->port.empty());
  }
  if (const auto broker = parse_broker(text)) {
    require(!broker->host.empty() && !broker->port.empty());
  }
  require(escape(text).find_first_of("/?#& \n") == std::string::npos);
}

void times(std::string_view text) {
  if (const auto at = from_rfc3339(text)) {
    require(from_rfc3339(to_rfc3339(*at)) == at);
  }
}

/// Columns never overflow, and a text is never cut inside a character.
void columns(std::string_view text) {
  if (!core::is_valid_utf8(text)) {
    return;
  }
  const std::string beginning = fitted(text, 10);
  require(columns_of(beginning) <= 10 && core::is_valid_utf8(beginning));
  require(columns_of(text) <= 2 * text.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  answer(text);
  addresses(std::string(text));
  times(text);
  columns(text);
  return 0;
}
