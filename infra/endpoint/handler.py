"""Answers /invocations as the local teacher does: a label and its distribution for every text."""

import json
import os

import torch
from djl_python import Input, Output
from transformers import AutoModelForSequenceClassification, AutoTokenizer

MOST_INPUTS = 256


class Classifier:
    """One model, loaded once, on the GPU where there is one."""

    def __init__(self, directory):
        self.name = os.environ.get("TIERWISE_MODEL", "large")
        self.version = os.environ.get("TIERWISE_VERSION", "1")
        with open(os.path.join(directory, "labels.txt"), encoding="utf-8") as lines:
            self.labels = [line.strip() for line in lines if line.strip()]
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        self.tokenizer = AutoTokenizer.from_pretrained(directory, local_files_only=True)
        self.model = AutoModelForSequenceClassification.from_pretrained(
            directory, local_files_only=True
        ).to(self.device)
        self.model.eval()

    def answer(self, texts):
        tokens = self.tokenizer(
            texts, padding=True, truncation=True, max_length=512, return_tensors="pt"
        ).to(self.device)
        with torch.inference_mode():
            rows = self.model(**tokens).logits.float().softmax(dim=-1).tolist()
        outputs = [
            {
                "label": self.labels[row.index(max(row))],
                "probabilities": dict(zip(self.labels, row)),
            }
            for row in rows
        ]
        return {
            "model": self.name,
            "version": self.version,
            "outputs": outputs,
            "usage": {
                "prompt_tokens": int(tokens["attention_mask"].sum()),
                "completion_tokens": len(texts),
            },
        }


classifier = None


def refused(message):
    body = {"error": {"message": message, "type": "invalid_request_error", "param": "inputs",
                      "code": "invalid_value"}}
    return Output(code=400, message=message).add_as_json(body)


def handle(inputs: Input) -> Output:
    global classifier
    if classifier is None:
        classifier = Classifier(inputs.get_properties().get("model_dir", "/opt/ml/model"))
    if inputs.is_empty():
        return None  # the warm-up call
    try:
        texts = json.loads(inputs.get_as_bytes())["inputs"]
    except (ValueError, KeyError, TypeError):
        return refused("'inputs' must be a list of texts.")
    good = isinstance(texts, list) and 0 < len(texts) <= MOST_INPUTS
    if not good or not all(isinstance(text, str) and text.strip() for text in texts):
        return refused(f"'inputs' must be a list of 1 to {MOST_INPUTS} texts.")
    return Output().add_as_json(classifier.answer(texts))
