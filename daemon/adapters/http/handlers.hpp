#pragma once

#include <boost/asio/awaitable.hpp>

#include "adapters/http/exchange.hpp"
#include "adapters/http/message.hpp"

// One coroutine for each call of the contract, named as in the route table. Whatever is wrong with a request
// itself is said only after the desk has said that what it is about exists and admits the call (contract,
// section 2: order of refusal).
namespace tuanyuan::http {

using Answering = boost::asio::awaitable<Response>;

Answering submit_report(Api& api, Exchange x);
Answering list_reports(Api& api, Exchange x);
Answering get_report(Api& api, Exchange x);
Answering preview_report(Api& api, Exchange x);
Answering release_report(Api& api, Exchange x);
Answering reject_report(Api& api, Exchange x);

Answering list_alerts(Api& api, Exchange x);
Answering get_alert(Api& api, Exchange x);
Answering get_photo(Api& api, Exchange x);
Answering get_poster(Api& api, Exchange x);
Answering update_alert(Api& api, Exchange x);
Answering close_alert(Api& api, Exchange x);
Answering retract_alert(Api& api, Exchange x);
Answering draw_circle(Api& api, Exchange x);
Answering suspend_alert(Api& api, Exchange x);
Answering resume_alert(Api& api, Exchange x);
Answering get_board(Api& api, Exchange x);

Answering acknowledge(Api& api, Exchange x);
Answering report_sighting(Api& api, Exchange x);
Answering list_sightings(Api& api, Exchange x);
Answering assess_sighting(Api& api, Exchange x);

Answering get_readiness(Api& api, Exchange x);
Answering list_exercises(Api& api, Exchange x);
Answering start_exercise(Api& api, Exchange x);
Answering get_exercise_scores(Api& api, Exchange x);
Answering list_recipients(Api& api, Exchange x);
Answering get_recipient(Api& api, Exchange x);
Answering put_recipient(Api& api, Exchange x);
Answering delete_recipient(Api& api, Exchange x);
Answering import_recipients(Api& api, Exchange x);

Answering list_channels(Api& api, Exchange x);
Answering pause_channel(Api& api, Exchange x);
Answering resume_channel(Api& api, Exchange x);
Answering test_channel(Api& api, Exchange x);
Answering list_outbox(Api& api, Exchange x);
Answering requeue_delivery(Api& api, Exchange x);

Answering get_caller(Api& api, Exchange x);
Answering follow_events(Api& api, Exchange x);
Answering read_journal(Api& api, Exchange x);
Answering get_keys(Api& api, Exchange x);
Answering get_openapi(Api& api, Exchange x);

Answering call_back(Api& api, Exchange x);

}  // namespace tuanyuan::http
