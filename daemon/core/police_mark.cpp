#include "core/police_mark.hpp"

namespace tuanyuan::core {

std::string_view police_mark(Audience audience, std::string_view language) {
  if (audience != Audience::police) {
    return {};
  }
  const bool english = language.substr(0, language.find('-')) == "en";
  return english ? "For police use only. Do not pass on." : "公安机关内部使用，请勿外传";
}

}  // namespace tuanyuan::core
