# `npx phone-migration providers --into .` lays both here, below terraform.d, where Terraform and OpenTofu look without
# any set-up. Nothing is downloaded.
terraform {
  required_providers {
    cucm = {
      source  = "phone-migration.internal/voice/cucm"
      version = "0.1.0"
    }
    dhcp = {
      source  = "phone-migration.internal/voice/dhcp"
      version = "0.1.0"
    }
  }
}
