# A wave on the source. It names neither the trust nor a condition: a reference is an edge of the graph, and whatever
# fails behind it would skip the way back as well. So in HCL moving a wave is more than the two words: go_if and
# depends_on come with "destination", as in wave-pilot.tf, and go with "source". The constructs do that by themselves.
resource "dhcp_option_150" "hq" {
  server                = "kea"
  scope                 = { subnet = "10.1.20.0/24" }
  source_addresses      = data.cucm_cluster.source.tftp_addresses
  destination_addresses = data.cucm_cluster.destination.tftp_addresses
  serve                 = "source"
}

resource "cucm_phone_registration" "hq" {
  source        = "source"
  destination   = "destination"
  phones        = ["SEP001122334402", "SEP001122334403", "SEP001122334404"]
  registered_on = "source"
  limits        = { max_failures = 1, batch_size = 10 }
  # Option 150 first, in both directions.
  depends_on = [dhcp_option_150.hq]
}
