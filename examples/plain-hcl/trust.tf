# What the clusters are, and which certificates sign what phones fetch from them. Read at each plan.
data "cucm_cluster" "source" {
  cluster = "source"
}
data "cucm_cluster" "destination" {
  cluster = "destination"
}
data "cucm_signers" "source" {
  cluster = "source"
}
data "cucm_signers" "destination" {
  cluster = "destination"
}

locals {
  signer_stores = ["CallManager-trust", "Phone-SAST-trust"]
  capf_stores   = ["CAPF-trust", "CallManager-trust"]

  # The source has to know who signs files on the destination, so that its TVS vouches for them.
  into_source = {
    for sha256, c in data.cucm_signers.destination.certificates :
    sha256 => { pem = c.pem, stores = local.signer_stores } if c.signer
  }
  # The destination has to know who issued the phones' LSCs, or they follow and cannot register.
  into_destination = {
    for sha256, c in data.cucm_signers.source.certificates :
    sha256 => { pem = c.pem, stores = local.capf_stores } if !c.signer
  }
}

resource "cucm_trust_memberships" "source" {
  cluster      = "source"
  certificates = local.into_source
}
resource "cucm_trust_memberships" "destination" {
  cluster      = "destination"
  certificates = local.into_destination
}

# Every TVS node of the source is asked, as a phone asks.
resource "cucm_tvs_proof" "source" {
  cluster = "source"
  signers = {
    for sha256, c in cucm_trust_memberships.source.certificates :
    sha256 => c.pem if contains(c.stores, "Phone-SAST-trust")
  }
  generation = cucm_trust_memberships.source.generation
}

locals {
  # What has to hold before a phone moves. The plan of a move that breaks one is refused with its sentence. null: that
  # it could not be read is not that it is wrong.
  source      = data.cucm_cluster.source
  destination = data.cucm_cluster.destination
  signers     = data.cucm_signers.destination
  ready = {
    "the source is in mixed mode"                                = local.source.security_mode == null ? null : local.source.security_mode == "mixed"
    "Prepare Cluster for Rollback to Pre 8.0 is False"           = local.source.rollback_to_pre_8 == null ? null : !local.source.rollback_to_pre_8
    "the destination is in mixed mode"                           = local.destination.security_mode == null ? null : local.destination.security_mode == "mixed"
    "every node of the destination showed its signers"           = length(local.signers.certificates) > 0 && length(local.signers.unread) == 0
    "every file of the destination is rightly signed"            = length(local.signers.problems) == 0
    "no signer of the destination has expired"                   = length(local.signers.expired) == 0
    "every source TVS node vouches for every destination signer" = cucm_tvs_proof.source.proven
  }
}
