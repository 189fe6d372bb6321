"""The control role sends what is due, and shows how it goes."""

from pydantic import SecretStr

from pointsman.control_app import build_control
from pointsman.models import DeliveryState, WebhookDelivery
from pointsman.services.secrets import Secrets, new_key
from pointsman.settings import Settings
from tests.waiting import until_found
from tests.webhooks.conftest import happen, make_webhook
from tests.webhooks.receiver import Receiver


async def test_a_control_role_sends_while_it_is_up(committed: str, receiver: Receiver) -> None:
    key = new_key()
    await make_webhook(receiver.url(), secrets=Secrets([key]))
    await happen(3)
    settings = Settings(secret_keys=SecretStr(key), webhook_private_targets="127.0.0.1")
    control = build_control(settings, committed)
    async with control.router.lifespan_context(control):

        async def are_delivered() -> bool:
            return await WebhookDelivery.filter(state=DeliveryState.DELIVERED).count() == 3

        await until_found(are_delivered)
    assert len(receiver.received) == 3
