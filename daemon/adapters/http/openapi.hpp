#pragma once

#include <string>

namespace tuanyuan::http {

/// The API as OpenAPI 3.1, in JSON: made of the route table and the messages' descriptors, so that it cannot say
/// what is not served.
std::string openapi_document();

}  // namespace tuanyuan::http
