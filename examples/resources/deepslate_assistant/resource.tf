variable "hook_token" {
  description = "Token that Deepslate sends with each call of the hook"
  type        = string
  sensitive   = true
}

resource "deepslate_assistant" "hotline" {
  name                   = "Hotline"
  system_prompt          = "You answer the calls of the customers of Acme."
  system_prompt_greeting = "Say hello, and ask what you can do for the caller."

  call_event_hook {
    type = "call_concluded"
    parameters = jsonencode({
      url        = "https://example.com/calls"
      auth_token = var.hook_token
    })
  }
}
