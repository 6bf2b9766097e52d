# A wave on the destination. Both resources name what must hold (go_if) and wait for the trust (depends_on).
data "cucm_trust_forecast" "pilot" {
  source           = "source"
  destination      = "destination"
  phones           = ["SEP001122334401"]
  destination_tftp = data.cucm_cluster.destination.tftp_addresses
  # The plan imports these: a forecast that waited for it would come after the move.
  assume_trusted = {
    source      = local.into_source
    destination = local.into_destination
  }
}

locals {
  pilot_ready = merge(local.ready, {
    "no phone is at risk"                                = data.cucm_trust_forecast.pilot.no_phone_at_risk
    "its limits allow for the phones that cannot follow" = data.cucm_trust_forecast.pilot.within_limits
  })
}

resource "dhcp_option_150" "pilot" {
  server                = "kea"
  scope                 = { subnet = "10.1.20.0/24", phone = "SEP001122334401" }
  destination_addresses = data.cucm_cluster.destination.tftp_addresses
  serve                 = "destination"
  go_if                 = local.pilot_ready
  depends_on            = [cucm_trust_memberships.source, cucm_trust_memberships.destination]
}

resource "cucm_phone_registration" "pilot" {
  source        = "source"
  destination   = "destination"
  phones        = ["SEP001122334401"]
  registered_on = "destination"
  go_if         = local.pilot_ready
  depends_on    = [dhcp_option_150.pilot]
}
