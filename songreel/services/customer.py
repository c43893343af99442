"""What buys at a service: its account, its patience, and what the catalogue's entry fixes of every order."""

from typing import Any, ClassVar

from schemas.backend import BackendProfile, BackendStatus
from songreel.access import Access, Account
from songreel.errors import MissingDependency
from songreel.services.client import Patience
from songreel.services.provider import Provider

ABOUT = ("dollars_per_work_second", "latest_version")
"""Options that the driver must know beside the input."""


class Customer:
    """A backend at a service; a subclass names the service's driver."""

    driver: ClassVar[type[Provider]]

    def __init__(self, profile: BackendProfile, access: Access) -> None:
        self.profile, self.access = profile, access

    @property
    def service(self) -> str:
        """The service's name."""
        return self.driver.service

    def status(self) -> BackendStatus:
        """Ready when there is a key; whether it is accepted is known only when it is used."""
        if self.service in self.access.accounts:
            return BackendStatus.of(self.profile)
        return BackendStatus.of(self.profile, f"{self.driver.setting} (an account at {self.service})", self._mend)

    @property
    def account(self) -> Account:
        """The account at the service.

        Raises:
            MissingDependency: there is none.
        """
        if self.service not in self.access.accounts:
            raise MissingDependency(f"{self.profile.name} needs {self.driver.setting}: {self._mend}")
        return self.access.accounts[self.service]

    @property
    def patience(self) -> Patience:
        """Time limits, as the catalogue's entry says."""
        return Patience.of(self.profile.options)

    @property
    def _mend(self) -> str:
        return f"export {self.driver.setting}=... (a key from {self.driver.sign_up})"


def fixed_of(profile: BackendProfile) -> dict[str, Any]:
    """The inputs that an entry sets for good: its options ``input_X``."""
    return {name.removeprefix("input_"): value for name, value in profile.options.items() if name.startswith("input_")}


def about_of(profile: BackendProfile) -> dict[str, Any]:
    """What the driver must know beside the input."""
    return {name: profile.options[name] for name in ABOUT if name in profile.options}
