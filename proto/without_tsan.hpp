#pragma once

// Debian built libprotobuf without the thread sanitizer, but its headers give map fields two members more where they
// see it: what is compiled here and what stands in the library would not agree on where a field is. So the standard
// library is told of the sanitizer first, and protobuf not at all. Included by the compiler's command line.
#include <cstddef>
#undef __SANITIZE_THREAD__
