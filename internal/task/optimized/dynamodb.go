package optimized

var dynamodb = integration{
	service: "dynamodb", actions: []string{"getItem", "putItem", "updateItem", "deleteItem"},
	prefix: "DynamoDB", label: "AmazonDynamoDBv2", base: "AmazonDynamoDBException",
}
