from community_map.models.area import Area, BoundarySet
from community_map.models.audit import AuditEntry
from community_map.models.digest import DigestItem
from community_map.models.job import Job
from community_map.models.mail import OutboxMail
from community_map.models.place import Place
from community_map.models.portal import Portal
from community_map.models.service import Approach, Initiative, Service
from community_map.models.task import Task
from community_map.models.user import User

__all__ = [
    "Approach",
    "Area",
    "AuditEntry",
    "BoundarySet",
    "DigestItem",
    "Initiative",
    "Job",
    "OutboxMail",
    "Place",
    "Portal",
    "Service",
    "Task",
    "User",
]
