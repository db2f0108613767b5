"""Probes for operations."""

from flask import Blueprint, Response, jsonify
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from vendor_tracker.usecases import health

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def alive() -> Response:
    """Answer that the process runs."""
    return jsonify({"status": "ok"})


@blueprint.get("/readyz")
def ready() -> tuple[Response, int]:
    """Answer whether the database answers and its tables are those of this version."""
    state = health.readiness()
    return jsonify(
        {"status": "ok" if state.ready else "indisponível", "database": state.database}
    ), 200 if state.ready else 503


@blueprint.get("/metrics")
def metrics() -> Response:
    """Print counters in Prometheus' text format."""
    return Response(generate_latest(health.registry()), content_type=CONTENT_TYPE_LATEST)
