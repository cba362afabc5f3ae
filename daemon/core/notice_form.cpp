#include "core/notice_form.hpp"

namespace tuanyuan::core {

const NoticeForm& form_of(const LanguageTemplates& language, NoticeKind kind) {
  switch (kind) {
    case NoticeKind::alert:
      return language.alert;
    case NoticeKind::update:
      return language.update;
    case NoticeKind::close:
      return language.close;
    case NoticeKind::retract:
      break;
  }
  return language.retract;
}

}  // namespace tuanyuan::core
