terraform {
  required_providers {
    disk = {
      source  = "example.internal/acme/disk"
      version = "1.0.0"
    }
  }
}

variable "folder" {
  type = string
}

resource "disk_text" "hello" {
  path    = "${var.folder}/hello.txt"
  content = "Hello\n"
}
