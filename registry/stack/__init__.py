"""What the registry generates for the monitoring stack: rules, routes, flags."""
