"""A small Docker provider for machines that cannot download Pulumi's plugin.

It serves five types of pulumi-docker 5.2.0 (`Network`, `Volume`, `Image`, `RemoteImage`,
`Container`) with the arguments a local cluster uses, over the Docker Engine API. Any other type
or argument is an error that names it. Where the real plugin can be had, use that one: a green run
here says nothing about arguments, registries or builders that only the real plugin has. A stack
made with one of the two is not to be continued with the other: destroy it first.
"""
