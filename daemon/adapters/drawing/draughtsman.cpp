#include "adapters/drawing/draughtsman.hpp"

#include <exception>

#include "adapters/drawing/documents.hpp"

namespace tuanyuan::drawing {
namespace {

std::string drawn(const ports::PosterContent& content, ports::PosterForm form) {
  switch (form) {
    case ports::PosterForm::page_pdf:
      return page_pdf(content);
    case ports::PosterForm::strip_pdf:
      return strip_pdf(content);
    case ports::PosterForm::page_html:
      break;
  }
  return page_html(content);
}

}  // namespace

core::Result<std::string> Draughtsman::draw(const ports::PosterContent& content, ports::PosterForm form) {
  try {
    return drawn(content, form);
  } catch (const std::exception&) {
    return core::Refusal(core::Errc::unavailable);
  }
}

}  // namespace tuanyuan::drawing
