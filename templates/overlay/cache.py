"""cache.properties: an upper bound for staleness when a message was lost."""

from contract.cluster_document import CacheClear
from templates.overlay.contexts import CacheProperties
from templates.overlay.files import TreeText
from templates.overlay.merged_properties import merge_properties


def merge_cache(own: TreeText, cache_clear: CacheClear) -> bytes:
    """The tree's cache.properties with the expiry of entity caches; as it is when there is none.

    Raises OverlayError.
    """
    if cache_clear.entity_expire_s is None:
        return own.data
    return merge_properties(own, CacheProperties(expire_ms=cache_clear.entity_expire_s * 1000))
