resource "pagerduty_user" "ada" {
  name  = "Ada Obi"
  email = "ada@acme.example"
}

resource "pagerduty_user" "ben" {
  name  = "Ben Haddad"
  email = "ben@acme.example"
}

resource "pagerduty_schedule" "search" {
  name      = "Search rota"
  time_zone = "Europe/Berlin"

  layer {
    name                         = "weekly"
    start                        = "2026-11-02T09:00:00+01:00"
    rotation_virtual_start       = "2026-11-02T09:00:00+01:00"
    rotation_turn_length_seconds = 604800
    users                        = [pagerduty_user.ada.id, pagerduty_user.ben.id]
  }
}

resource "pagerduty_escalation_policy" "search" {
  name      = "Search"
  num_loops = 2

  rule {
    escalation_delay_in_minutes = 15
    target {
      type = "schedule_reference"
      id   = pagerduty_schedule.search.id
    }
  }
}

resource "pagerduty_service" "finder" {
  name              = "Finder"
  escalation_policy = pagerduty_escalation_policy.search.id
}

resource "pagerduty_team" "lost" {
  count = var.teams
  name  = "Lost"
}
