#include <google/protobuf/empty.pb.h>

#include <array>

#include "adapters/http/handlers.hpp"
#include "adapters/http/limits.hpp"
#include "adapters/http/route.hpp"
#include "adapters/http/target.hpp"
#include "tuanyuan/v1/answer.pb.h"
#include "tuanyuan/v1/board.pb.h"
#include "tuanyuan/v1/case.pb.h"
#include "tuanyuan/v1/journal.pb.h"
#include "tuanyuan/v1/keys.pb.h"
#include "tuanyuan/v1/recipient.pb.h"
#include "tuanyuan/v1/report.pb.h"

namespace tuanyuan::http {
namespace {

using enum core::Role;

constexpr Callers takes_reports{submitter};
constexpr Callers reads_reports{submitter, releaser, supervisor};
constexpr Callers previews{submitter, releaser};
constexpr Callers decides{releaser};
constexpr Callers all{submitter, releaser, supervisor, operator_, recipient};
constexpr Callers answers{recipient, submitter, releaser};
constexpr Callers handles_sightings{submitter, releaser};
constexpr Callers keeps_directory{operator_};
constexpr Callers watches{supervisor};

// One line for each call of the contract's table (section 2), in its order. What later issues bring is absent.
constexpr std::array table{
    Route{.method = "POST",
          .pattern = "/api/v1/reports",
          .callers = takes_reports,
          .handler = submit_report,
          .name = "submitReport",
          .summary = "Take a report",
          .body = BodyKind::message,
          .body_message = v1::MissingChildReport::descriptor,
          .answer_message = v1::ReportAnswer::descriptor,
          .status = 201,
          .body_bytes_max = report_body_bytes_max},
    Route{.method = "GET",
          .pattern = "/api/v1/reports",
          .callers = reads_reports,
          .handler = list_reports,
          .name = "listReports",
          .summary = "Reports of the unit's division, without photos",
          .answer_message = v1::ReportList::descriptor,
          .paging = Paging::pages},
    Route{.method = "GET",
          .pattern = "/api/v1/reports/{id}",
          .callers = reads_reports,
          .handler = get_report,
          .name = "getReport",
          .summary = "One report",
          .answer_message = v1::ReportAnswer::descriptor},
    Route{.method = "POST",
          .pattern = "/api/v1/reports/{id}:preview",
          .callers = previews,
          .handler = preview_report,
          .name = "previewReport",
          .summary = "What a release would do; changes nothing",
          .body = BodyKind::optional_message,
          .body_message = v1::PreviewRequest::descriptor,
          .answer_message = v1::PreviewAnswer::descriptor,
          .body_bytes_max = small_body_bytes_max},
    Route{.method = "POST",
          .pattern = "/api/v1/reports/{id}:release",
          .callers = decides,
          .handler = release_report,
          .name = "releaseReport",
          .summary = "Release a report as an alert",
          .body = BodyKind::optional_message,
          .body_message = v1::ReleaseRequest::descriptor,
          .answer_message = v1::AlertAnswer::descriptor,
          .status = 201,
          .body_bytes_max = small_body_bytes_max},
    Route{.method = "POST",
          .pattern = "/api/v1/reports/{id}:reject",
          .callers = decides,
          .handler = reject_report,
          .name = "rejectReport",
          .summary = "Reject a report",
          .body = BodyKind::message,
          .body_message = v1::RejectRequest::descriptor,
          .answer_message = v1::ReportAnswer::descriptor,
          .body_bytes_max = small_body_bytes_max},
    Route{.method = "GET",
          .pattern = "/api/v1/alerts",
          .callers = all,
          .handler = list_alerts,
          .name = "listAlerts",
          .summary = "Alerts, each as the copy for who asks",
          .answer_message = v1::AlertList::descriptor,
          .paging = Paging::pages},
    Route{.method = "GET",
          .pattern = "/api/v1/alerts/{id}",
          .callers = all,
          .handler = get_alert,
          .name = "getAlert",
          .summary = "One alert, as the copy for who asks",
          .answer_message = v1::AlertAnswer::descriptor},
    Route{.method = "GET",
          .pattern = "/api/v1/alerts/{id}/photo",
          .callers = all,
          .handler = get_photo,
          .name = "getPhoto",
          .summary = "The picture as it is shown",
          .answer = AnswerForm::photo},
    Route{.method = "POST",
          .pattern = "/api/v1/alerts/{id}:update",
          .callers = decides,
          .handler = update_alert,
          .name = "updateAlert",
          .summary = "Change what the alert says: a new revision",
          .body = BodyKind::message,
          .body_message = v1::UpdateRequest::descriptor,
          .answer_message = v1::AlertAnswer::descriptor,
          .body_bytes_max = report_body_bytes_max},
    Route{.method = "POST",
          .pattern = "/api/v1/alerts/{id}:close",
          .callers = decides,
          .handler = close_alert,
          .name = "closeAlert",
          .summary = "Close the alert: it comes down everywhere",
          .body = BodyKind::message,
          .body_message = v1::CloseRequest::descriptor,
          .answer_message = v1::AlertAnswer::descriptor,
          .body_bytes_max = small_body_bytes_max},
    Route{.method = "POST",
          .pattern = "/api/v1/alerts/{id}:retract",
          .callers = decides,
          .handler = retract_alert,
          .name = "retractAlert",
          .summary = "Retract an alert that was issued in error",
          .body = BodyKind::message,
          .body_message = v1::RetractRequest::descriptor,
          .answer_message = v1::AlertAnswer::descriptor,
          .body_bytes_max = small_body_bytes_max},
    Route{.method = "GET",
          .pattern = "/api/v1/alerts/{id}/board",
          .callers = reads_reports,
          .handler = get_board,
          .name = "getBoard",
          .summary = "Who has answered, and who is silent",
          .answer_message = v1::Board::descriptor},
    Route{.method = "POST",
          .pattern = "/api/v1/alerts/{id}/acknowledgements",
          .callers = answers,
          .handler = acknowledge,
          .name = "acknowledge",
          .summary = "Answer an alert; an officer for a recipient reached by telephone",
          .body = BodyKind::message,
          .body_message = v1::Acknowledgement::descriptor,
          .answer_message = v1::Receipt::descriptor,
          .body_bytes_max = small_body_bytes_max,
          .remembered = true},
    Route{.method = "POST",
          .pattern = "/api/v1/alerts/{id}/sightings",
          .callers = Callers{recipient},
          .handler = report_sighting,
          .name = "reportSighting",
          .summary = "Say where the child may have been seen",
          .body = BodyKind::message,
          .body_message = v1::Sighting::descriptor,
          .answer_message = v1::Receipt::descriptor,
          .body_bytes_max = report_body_bytes_max,
          .remembered = true},
    Route{.method = "GET",
          .pattern = "/api/v1/alerts/{id}/sightings",
          .callers = handles_sightings,
          .handler = list_sightings,
          .name = "listSightings",
          .summary = "The alert's sightings",
          .answer_message = v1::SightingList::descriptor,
          .paging = Paging::pages},
    Route{.method = "POST",
          .pattern = "/api/v1/sightings/{id}:assess",
          .callers = handles_sightings,
          .handler = assess_sighting,
          .name = "assessSighting",
          .summary = "Say what a sighting is worth",
          .body = BodyKind::message,
          .body_message = v1::AssessRequest::descriptor,
          .answer_message = v1::SightingRecord::descriptor,
          .body_bytes_max = small_body_bytes_max,
          .remembered = true},
    Route{.method = "GET",
          .pattern = "/api/v1/events",
          .callers = all,
          .handler = follow_events,
          .name = "followEvents",
          .summary = "What happens, as server-sent events",
          .answer = AnswerForm::events,
          .answer_message = v1::Event::descriptor,
          .paging = Paging::events},
    Route{.method = "GET",
          .pattern = "/api/v1/recipients",
          .callers = keeps_directory,
          .handler = list_recipients,
          .name = "listRecipients",
          .summary = "The directory, without secrets",
          .answer_message = v1::RecipientList::descriptor,
          .paging = Paging::pages},
    Route{.method = "GET",
          .pattern = "/api/v1/recipients/{id}",
          .callers = keeps_directory,
          .handler = get_recipient,
          .name = "getRecipient",
          .summary = "One recipient",
          .answer_message = v1::Recipient::descriptor},
    Route{.method = "PUT",
          .pattern = "/api/v1/recipients/{id}",
          .callers = keeps_directory,
          .handler = put_recipient,
          .name = "putRecipient",
          .summary = "Enter or replace a recipient; absent secrets are kept",
          .body = BodyKind::message,
          .body_message = v1::Recipient::descriptor,
          .answer_message = v1::Recipient::descriptor,
          .body_bytes_max = recipient_body_bytes_max,
          .remembered = true},
    Route{.method = "DELETE",
          .pattern = "/api/v1/recipients/{id}",
          .callers = keeps_directory,
          .handler = delete_recipient,
          .name = "deleteRecipient",
          .summary = "Take a recipient out",
          .answer_message = google::protobuf::Empty::descriptor,
          .remembered = true},
    Route{.method = "POST",
          .pattern = "/api/v1/recipients:import",
          .callers = keeps_directory,
          .handler = import_recipients,
          .name = "importRecipients",
          .summary = "Enter many recipients, all or nothing",
          .body = BodyKind::import,
          .answer_message = v1::ImportAnswer::descriptor,
          .body_bytes_max = import_body_bytes_max,
          .remembered = true},
    Route{.method = "GET",
          .pattern = "/api/v1/journal",
          .callers = watches,
          .handler = read_journal,
          .name = "readJournal",
          .summary = "Decisions, from a sequence number",
          .answer_message = v1::JournalPage::descriptor,
          .paging = Paging::sequence},
    Route{.method = "GET",
          .pattern = "/api/v1/keys",
          .callers = Callers::any_certificate(),
          .handler = get_keys,
          .name = "getKeys",
          .summary = "The public keys that notices are signed with",
          .answer = AnswerForm::keys,
          .answer_message = v1::Keys::descriptor},
    Route{.method = "GET",
          .pattern = "/api/v1/openapi.json",
          .callers = Callers::everybody(),
          .handler = get_openapi,
          .name = "getOpenapi",
          .summary = "This document",
          .answer = AnswerForm::openapi},
};

}  // namespace

std::span<const Route> routes() {
  return table;
}

Routed find_route(std::string_view method, std::string_view path) {
  const std::string_view as = method == "HEAD" ? "GET" : method;
  Routed routed;
  for (const Route& route : table) {
    std::optional<std::string> id = match(route.pattern, path);
    if (!id) {
      continue;
    }
    if (route.method == as) {
      routed.route = &route;
      routed.id = std::move(*id);
      return routed;
    }
    routed.allow += routed.allow.empty() ? "" : ", ";
    routed.allow += route.method == "GET" ? "GET, HEAD" : route.method;
  }
  return routed;
}

}  // namespace tuanyuan::http
