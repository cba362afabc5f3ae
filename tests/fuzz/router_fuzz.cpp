#include <string>
#include <string_view>

#include "adapters/http/limits.hpp"
#include "adapters/http/media.hpp"
#include "adapters/http/route.hpp"
#include "adapters/http/target.hpp"
#include "fuzz/property.hpp"

using tuanyuan::fuzz::require;

namespace {

void route(std::string_view text) {
  const auto target = tuanyuan::http::parse_target(text);
  if (!target) {
    return;
  }
  require(target->path.starts_with('/') && target->query.size() <= tuanyuan::http::query_parameters_max);
  for (const char* method : {"GET", "HEAD", "POST", "PUT", "DELETE", "BREW"}) {
    const auto routed = tuanyuan::http::find_route(method, target->path);
    require(routed.route == nullptr || routed.allow.empty() || std::string_view(method) != "BREW");
    require(routed.id.find_first_of("/:") == std::string::npos);
    require(routed.id.size() <= 4 * tuanyuan::http::path_id_bytes_max);
  }
}

void negotiate(std::string_view text) {
  constexpr std::string_view offers[] = {tuanyuan::http::json_type, tuanyuan::http::protobuf_type};
  const auto chosen = tuanyuan::http::choose(std::string(text), offers);
  require(!chosen || *chosen == offers[0] || *chosen == offers[1]);
  tuanyuan::http::language_of(std::string(text));
  const auto essence = tuanyuan::http::essence_of(text);
  require(!essence || essence->find('/') != std::string::npos);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = tuanyuan::fuzz::text_of(data, size);
  route(text);
  negotiate(text);
  return 0;
}
