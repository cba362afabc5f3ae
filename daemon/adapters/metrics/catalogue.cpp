#include "adapters/metrics/catalogue.hpp"

#include <array>

namespace tuanyuan::metrics {
namespace {

constexpr std::array response_buckets{1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 900.0, 3'600.0};
constexpr std::array commit_buckets{0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2.0};

constexpr std::array all{
    Metric{Kind::gauge, "tuanyuan_build_info", "Always 1; the version is a label.", {}},
    Metric{Kind::gauge, "tuanyuan_alerts", "Alerts by state and status.", {}},
    Metric{Kind::gauge, "tuanyuan_cases_display_ended", "Open cases whose notices no display shows any more.", {}},
    Metric{Kind::histogram, "tuanyuan_release_to_received_seconds",
           "From a version's release to each first RECEIVED of it.", response_buckets},
    Metric{Kind::gauge, "tuanyuan_outbox_oldest_seconds", "Age of the oldest delivery that is not settled.", {}},
    Metric{Kind::counter, "tuanyuan_deliveries_total", "Delivery attempts by outcome.", {}},
    Metric{Kind::gauge,
           "tuanyuan_gateway_breakers_open",
           "Receivers of a gateway that failed again and again, and are left alone for now.",
           {}},
    Metric{Kind::gauge,
           "tuanyuan_gateway_receivers_held",
           "Receivers of a gateway that asked to be left alone for a while (Retry-After).",
           {}},
    Metric{
        Kind::counter,
        "tuanyuan_gateway_held_back_total",
        "Deliveries that went back to the outbox unsent: their receiver was left alone, or they were overtaken.",
        {}},
    Metric{Kind::counter, "tuanyuan_acknowledgements_total", "First acknowledgements by kind and category.", {}},
    Metric{
        Kind::gauge,
        "tuanyuan_recipients_silent",
        "Expected recipients that have not received, or not removed, or are late or unable to confirm, by ring.",
        {}},
    Metric{Kind::gauge, "tuanyuan_recipients_unreachable", "Recipients that would not hear an alert now.", {}},
    Metric{Kind::gauge, "tuanyuan_recipients_unreachable_by_province", "The same, by province.", {}},
    Metric{Kind::gauge,
           "tuanyuan_recipients_expected",
           "Expected recipients of all alerts: acknowledged, in_time, late (a person has to), forgotten (never).",
           {}},
    Metric{Kind::gauge, "tuanyuan_exercise_last_timestamp_seconds", "When the last exercise began.", {}},
    Metric{Kind::gauge,
           "tuanyuan_exercise_score",
           "Mean score (0 to 100) of the last exercise that has ended, by category.",
           {}},
    Metric{Kind::gauge,
           "tuanyuan_alerts_unaudited",
           "Alerts that cannot be read, so that nobody knows who is silent.",
           {}},
    Metric{Kind::gauge, "tuanyuan_exercise_put_off", "1 while an exercise that is due does not begin.", {}},
    Metric{Kind::gauge, "tuanyuan_channel_paused", "1 while an operator has paused the channel.", {}},
    Metric{Kind::gauge,
           "tuanyuan_channel_doubtful",
           "1 while a gateway calls most addresses dead and is not believed.",
           {}},
    Metric{Kind::gauge, "tuanyuan_endpoints_retired", "Addresses that are not used any more, by channel.", {}},
    Metric{Kind::counter, "tuanyuan_endpoints_retired_total", "Addresses that were retired, by channel.", {}},
    Metric{Kind::gauge,
           "tuanyuan_broadcast_forecast_seconds",
           "Until the last of what waits in a channel will have been sent; infinite while it is shut.",
           {}},
    Metric{Kind::counter, "tuanyuan_chased_total", "Recipients whose silence was followed up, by step.", {}},
    Metric{Kind::counter, "tuanyuan_promise_violations_total", "Promises found broken by the running checks.", {}},
    Metric{Kind::gauge, "tuanyuan_degraded", "1 while /readyz names the part as degraded.", {}},
    Metric{Kind::gauge, "tuanyuan_broker_connected", "1 while the broker is connected.", {}},
    Metric{Kind::gauge, "tuanyuan_broker_messages_dropped", "What the broker says it has dropped.", {}},
    Metric{Kind::gauge,
           "tuanyuan_broker_inbox_messages",
           "Messages taken from the broker and not yet worked on.",
           {}},
    Metric{
        Kind::gauge, "tuanyuan_broker_receipts_in_flight", "Receipts that the broker has not acknowledged.", {}},
    Metric{Kind::counter, "tuanyuan_broker_received_total", "Messages that came in.", {}},
    Metric{Kind::counter,
           "tuanyuan_broker_inbox_dropped_total",
           "Messages dropped because the inbox was full; their senders repeat them.",
           {}},
    Metric{Kind::counter,
           "tuanyuan_broker_receipts_lost_total",
           "Receipts that could not be handed over; the answers are repeated.",
           {}},
    Metric{Kind::counter, "tuanyuan_broker_answers_total", "Messages that came in, by what became of them.", {}},
    Metric{
        Kind::counter, "tuanyuan_broker_reasserted_total", "Retained messages published anew at a connect.", {}},
    Metric{Kind::counter, "tuanyuan_broker_corrections_total", "Retained messages that were put right.", {}},
    Metric{Kind::histogram, "tuanyuan_ledger_commit_seconds", "From a commit's handing over to its answer.",
           commit_buckets},
    Metric{Kind::counter,
           "tuanyuan_ledger_failures_total",
           "Commits that were not made, or whose outcome is not known.",
           {}},
    Metric{Kind::gauge, "tuanyuan_certificate_expiry_timestamp_seconds", "When a certificate runs out.", {}},
    Metric{Kind::gauge, "tuanyuan_canary_success_timestamp_seconds", "When the canary last came round.", {}},
    Metric{Kind::counter, "tuanyuan_http_requests_total", "Answered requests by route and status.", {}},
    Metric{Kind::gauge, "tuanyuan_http_connections", "Connections that are open, by listener.", {}},
    Metric{Kind::counter,
           "tuanyuan_http_connections_refused_total",
           "Connections that were turned away, by listener and reason: full, descriptors.",
           {}},
};

}  // namespace

std::span<const Metric> catalogue() {
  return all;
}

}  // namespace tuanyuan::metrics
