#pragma once

#include "ports/posters.hpp"

namespace tuanyuan::drawing {

/// ports::Posters with Cairo and Pango. The same content and fonts give the same bytes.
class Draughtsman final : public ports::Posters {
 public:
  core::Result<std::string> draw(const ports::PosterContent& content, ports::PosterForm form) override;
};

}  // namespace tuanyuan::drawing
