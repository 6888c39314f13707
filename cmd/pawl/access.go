package main

import (
	"errors"
	"log/slog"
	"os"

	"github.com/spf13/cobra"

	"pawl.dev/internal/auth"
)

// accessConfig says which access keys are served.
type accessConfig struct {
	file string // "" for none
}

func (c *accessConfig) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&c.file, "access-keys", "", "file of access keys, YAML or JSON; requests must then be signed")
}

// The variables of a key that may do everything.
const (
	keyIDVariable  = "PAWL_ACCESS_KEY_ID"
	secretVariable = "PAWL_SECRET_ACCESS_KEY"
)

// verifier returns what checks requests, nil when no keys are configured.
func (c *accessConfig) verifier(node nodeConfig) (*auth.Verifier, error) {
	var keys []auth.Key
	if c.file != "" {
		var exposed bool
		var err error
		if keys, exposed, err = auth.LoadKeys(c.file); err != nil {
			return nil, err
		}
		if exposed {
			log := node.log
			if log == nil {
				log = slog.Default()
			}
			log.Warn("every user of this machine can read the access keys; do: chmod o-r FILE", "file", c.file)
		}
	}
	id, secret := os.Getenv(keyIDVariable), os.Getenv(secretVariable)
	switch {
	case (id == "") != (secret == ""):
		return nil, errors.New("set both " + keyIDVariable + " and " + secretVariable + ", or neither")
	case id != "":
		keys = append(keys, auth.Key{AccessKeyID: id, Secret: auth.Secret(secret)})
	case c.file == "":
		return nil, nil
	}
	return auth.New(keys, auth.Options{Account: node.account, Region: node.region})
}
