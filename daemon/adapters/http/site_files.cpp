#include "adapters/http/site_files.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "adapters/http/media.hpp"

namespace tuanyuan::http {
namespace {

/// What is drawn comes from here: pictures may also be made by the page itself (a photo from the phone's camera).
constexpr std::string_view content_security_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
constexpr std::string_view kept_for_a_year = "private, max-age=31536000, immutable";
constexpr std::string_view asked_again_each_time = "no-cache";

bool takes_gzip(const Request& request) {
  // Without the field a client takes whatever comes (RFC 9110, section 12.5.3); programs that say nothing rarely
  // mean it.
  return request.accept_encoding && request.accept_encoding->find("gzip") != std::string::npos &&
         request.accept_encoding->find("gzip;q=0") == std::string::npos;
}

bool has_already(const Request& request, std::string_view tag) {
  return request.if_none_match && request.if_none_match->find(tag) != std::string::npos;
}

}  // namespace

std::optional<Response> site_file(pages::Site site, std::string_view path, const Request& request) {
  const std::string_view wanted = path.empty() ? "index.html" : path;
  const auto file = std::ranges::find(site, wanted, &pages::File::path);
  if (file == site.end()) {
    return std::nullopt;
  }
  if (request.method != "GET" && request.method != "HEAD") {
    return to_response(method_not_allowed("GET, HEAD"), language_of(request.accept_language), "");
  }
  const bool compressed = takes_gzip(request);
  Response response;
  response.fields = {{"Cache-Control", std::string(file->immutable ? kept_for_a_year : asked_again_each_time)},
                     {"ETag", '"' + std::string(file->tag) + (compressed ? "-gzip\"" : "\"")},
                     {"Vary", "Accept-Encoding"},
                     {"Content-Security-Policy", std::string(content_security_policy)},
                     {"Referrer-Policy", "no-referrer"},
                     {"Cross-Origin-Opener-Policy", "same-origin"}};
  if (has_already(request, file->tag)) {
    response.status = 304;
    return response;
  }
  response.content_type = file->media_type;
  if (compressed) {
    response.fields.emplace_back("Content-Encoding", "gzip");
  }
  response.body = compressed ? file->gzip : file->body;
  return response;
}

}  // namespace tuanyuan::http
