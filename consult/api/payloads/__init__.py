"""What leaves through the API and later through webhooks: one model per thing, made from its row.

Each model is what the OpenAPI document says, so that a webhook's payload and a call's answer are the same shape.
"""
