#pragma once

#include <span>
#include <string_view>

namespace tuanyuan::pages {

/// One file of a page as it was built (vite.config.ts), in memory for the life of the program.
struct File {
  std::string_view path;  ///< below the page's own folder: "index.html", "assets/main-D3xY.js"
  std::string_view media_type;
  std::string_view tag;  ///< of the content: a strong validator (RFC 9110, section 8.8.3), without its quotes
  bool immutable;        ///< the name changes with the content
  std::string_view body;
  std::string_view gzip;  ///< the same, compressed (RFC 1952)
};

using Site = std::span<const File>;

/// The officer's desk, which the daemon serves.
Site desk();
/// The station's screen, which tuanyuan-station serves.
Site screen();

}  // namespace tuanyuan::pages
