"""Sign in with the account of one's own organisation: OpenID Connect Core 1.0, code flow with PKCE, one provider.

``discovery`` asks the provider, ``id_tokens`` judges what it says, ``journeys`` sends a browser there and takes it
back, ``linking`` knows whose account that is, ``views`` the pages. Roles and addresses never come from the provider.
"""
