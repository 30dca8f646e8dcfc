"""Who may do what at the HTTP entrance: every route with every role, and what a role must not learn on its way."""

from collections.abc import Iterator
from datetime import date

import pytest

import api
import world
from matching.codes import Role
from matching.openapi import ROUTES, Route
from matching.protocol import BASE
from matching.records import Exclusions, Mention
from test_api import NOW, Service, assert_problem, offer_row, profile_row, serve


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    made = serve(tmp_path_factory.mktemp("roles"))
    yield made
    made.store.close()


def address(route: Route) -> str:
    return route.rule.replace("<path:id>", "nothing").replace("<list>", "kinds").replace("<version>", "none").removeprefix(BASE)


def test_every_route_has_a_row_of_roles() -> None:
    assert {route.name for route in ROUTES if route.keyed} == set(api.ROLES)
    assert all(api.ROLES.values())


def test_the_application_has_no_other_routes(service: Service) -> None:
    assert {rule.endpoint for rule in service.app.url_map.iter_rules()} == {route.name for route in ROUTES}


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_a_route_opens_to_its_roles_only(service: Service, route: Route, role: Role) -> None:
    if route.name == "get_metrics":
        key = {"Authorization": f"Bearer {service.keys[role]}"}
        response = service.app.test_client().get("/metrics", headers=key)
    else:
        response = service.ask(route.method, address(route), role, **({"json": {}} if route.body is not None else {}))
    if route.keyed and role not in api.ROLES[route.name]:
        assert_problem(response, 403)
    else:
        assert response.status_code in {200, 204, 400, 404}


@pytest.mark.parametrize("route", [route for route in ROUTES if route.keyed], ids=lambda route: route.name)
def test_without_a_valid_key_nothing_opens(service: Service, route: Route) -> None:
    client = service.app.test_client()
    path = route.rule.replace("<path:id>", "p-1").replace("<list>", "kinds").replace("<version>", "none")
    told = assert_problem(client.open(path, method=route.method), 401)
    assert told["type"].endswith(":noAccessToken")
    wrong = service.keys[Role.CONSULTANT][:-1] + ("a" if service.keys[Role.CONSULTANT][-1] != "a" else "b")
    for secret in (wrong, "lm_", "é", "x" * 300):
        response = client.open(path, method=route.method, headers={"X-API-Key": secret})
        assert_problem(response, 401)
        assert response.headers["WWW-Authenticate"].startswith("Bearer")


def test_what_each_role_can_reach_stays_what_was_decided() -> None:
    def reach(role: Role) -> set[str]:
        return {name for name, roles in api.ROLES.items() if role in roles}

    measured = {"get_match_to_hire", "get_evaluation", "list_models", "get_model", "get_metrics"}
    assert reach(Role.EVALUATOR) == {"list_code_lists", "get_code_list"} | measured
    words = {"complete_concepts", "link_concepts", "extract_findings"}
    assert reach(Role.PARTNER) == {"list_offers", "get_offer", "list_code_lists", "get_code_list"} | words
    of_persons = {"suggest", "get_list", "record_outcomes", "confirm_findings", "find_pathways"}
    assert not {name for name in reach(Role.RECRUITER) if "profile" in name or name in of_persons}
    assert {name for name in reach(Role.ADMIN) if "profile" in name} == {"delete_profile"}
    assert not reach(Role.ADMIN) & {"suggest", "find_candidates", "explain", "get_list", "list_proposals"}


def test_a_revoked_key_opens_nothing(service: Service) -> None:
    secret = service.store.create_key(Role.CONSULTANT, "short", NOW)
    client = service.app.test_client()
    assert client.get(f"{BASE}/refData", headers={"X-API-Key": secret}).status_code == 200
    service.store.revoke_key(service.store.key(secret).id, NOW)  # type: ignore[union-attr]
    assert_problem(client.get(f"{BASE}/refData", headers={"X-API-Key": secret}), 401)


def test_a_recruiter_hears_nothing_of_the_file(service: Service) -> None:
    secret = world.profile(
        id="p-2",
        referent_id="referent-7", contact_id="contact-7", backup_id="backup-7", preferred_agency="Agency 7",
        exclusions=Exclusions(employers=("Bad Boss",), professions=(Mention(world.occupation("cook")),)),
    )  # fmt: skip
    service.store.put_profile(secret, NOW)
    offer = world.vacancy("cleaner", id="v-measured", measures="Activa 7", after_care_on=date(2025, 9, 1))
    service.store.put_offer(offer, NOW)
    pair = {"profileId": "p-2", "offerId": "v-cook"}
    texts = [
        service.ask("POST", "/candidates", Role.RECRUITER, json={"offerId": "v-measured"}).get_data(as_text=True),
        service.ask("POST", "/explanations", Role.RECRUITER, json=pair).get_data(as_text=True),
        service.ask("GET", "/offers/v-measured", Role.RECRUITER).get_data(as_text=True),
        service.ask("GET", "/offers?after=v-kitchen-help", Role.PARTNER).get_data(as_text=True),
    ]
    hidden = "art60 OCMW referent-7 contact-7 backup-7 Activa 2025-09-01 prices guidance measures afterCareOn targetGroup"
    for text in texts:
        assert not [name for name in [*hidden.split(), "Agency 7", "Bad Boss", "contractEnd", "2025-01-31"] if name in text]
    assert "p-2" in texts[0]
    assert "Activa 7" in service.ask("GET", "/offers/v-measured").get_data(as_text=True)
    service.store.delete_profile("p-2")
    service.store.delete_offer("v-measured")


def test_a_recruiter_cannot_try_out_groups_dates_or_made_up_people(service: Service) -> None:
    told = assert_problem(
        service.ask("POST", "/explanations", Role.RECRUITER, json={"profileId": "p-1", "offerId": "t-1"}), 400
    )
    assert told["issues"][0]["code"] == "no_candidates"
    assert_problem(service.ask("POST", "/candidates", Role.RECRUITER, json={"offerId": "t-1"}), 400)
    body = {"profile": profile_row(), "offerId": "v-cook", "asOf": "2027-01-01"}
    told = assert_problem(service.ask("POST", "/explanations", Role.RECRUITER, json=body), 400)
    assert {issue["name"] for issue in told["issues"]} == {"profile", "asOf"}


def test_the_fields_of_consultants_survive_what_others_write(service: Service) -> None:
    row = offer_row(id="m", measures="Activa", afterCareOn="2025-09-01")
    assert service.ask("PUT", "/offers/m", json=row).status_code == 201
    for method in ("PUT", "PATCH"):
        told = assert_problem(service.ask(method, "/offers/m", Role.RECRUITER, json={**row, "measures": "none"}), 400)
        assert {issue["name"] for issue in told["issues"]} == {"measures", "afterCareOn"}
        body = offer_row(id="m", positions=4) if method == "PUT" else {"positions": 5}
        assert "measures" not in service.ask(method, "/offers/m", Role.RECRUITER, json=body).get_json()
        assert service.ask("GET", "/offers/m").get_json()["measures"] == "Activa"
    service.store.delete_offer("m")
