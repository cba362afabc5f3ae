#pragma once

#include <optional>
#include <string_view>

#include "adapters/http/message.hpp"
#include "pages/site.hpp"

namespace tuanyuan::http {

/// The file of a page that a request asks for, compressed where the client takes it, with what a browser needs to
/// be told: a content security policy without any third party or inline script, and how long to keep it. `path` is
/// what follows the page's own folder, "" its index. Nothing: the page has no such file.
///
/// GET and HEAD alone; other methods are refused (405).
std::optional<Response> site_file(pages::Site site, std::string_view path, const Request& request);

}  // namespace tuanyuan::http
